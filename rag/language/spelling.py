"""Misspelt words: which known word was meant, if any.

Source: optimal string alignment distance, after Damerau (1964), "A technique for computer
detection and correction of spelling errors": a letter dropped, added, changed, or two swapped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final

import Stemmer

from rag.package_data import DATA

SHORTEST_TO_CORRECT: Final = 5
"""Letters. Below, most neighbours of a word are other words: "rain", "train", "brain"."""
_LONG: Final = 8
"""Letters. From here on two slips still leave one word that is clearly nearest."""
_SPELLINGS: Final = (
    ("isation", "ization"),
    ("ising", "izing"),
    ("ised", "ized"),
    ("iser", "izer"),
    ("ise", "ize"),
    ("yse", "yze"),
    ("ysed", "yzed"),
    ("ysing", "yzing"),
    ("our", "or"),
    ("oured", "ored"),
    ("ouring", "oring"),
    ("elling", "eling"),
    ("elled", "eled"),
    ("alling", "aling"),
)
_COMMON: Final = DATA / "common_words.txt"


@lru_cache(maxsize=1)
def stemmer() -> Callable[[str], str]:
    """The English Snowball stemmer, one word at a time."""
    english = Stemmer.Stemmer("english")
    return lambda word: str(english.stemWord(word))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Words of written English, so that a small corpus does not make them strange.

    Source: `lab/data/common_words.py` counts them.
    """
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


def is_common(word: str) -> bool:
    """Whether `word`, in lower case, is plain English rather than a coined name or a slip."""
    known = common_words()
    return word in known or (word.endswith("s") and word[:-1] in known)


def distance(one: str, other: str, *, most: int) -> int:
    """Slips between two words, or `most + 1` as soon as there are more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last = row, before
        row = [i] + [0] * len(other)
        for j, against in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]


def slips_allowed(word: str) -> int:
    """How many slips may be forgiven in a word of this length."""
    if len(word) < SHORTEST_TO_CORRECT:
        return 0
    return 1 if len(word) < _LONG else 2


class NearWords:
    """Known words by first letter and length, to find the nearest to a misspelt one.

    The first letter is taken as right: people rarely miss it, and a wrong one nearly always
    means another word.
    """

    def __init__(self, known: Iterable[tuple[str, int]]) -> None:
        """`known`: words in lower case, each with its number of papers."""
        self._buckets: dict[tuple[str, int], list[str]] = {}
        self._counts: dict[str, int] = {}
        for word, count in known:
            if word not in self._counts:
                self._buckets.setdefault((word[0], len(word)), []).append(word)
            self._counts[word] = self._counts.get(word, 0) + count

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def nearest(self, word: str, *, most: int) -> str | None:
        """The known word fewest slips away, the most frequent of several; None when all are far.

        Words with other digits are other words: "gpt5" is no slip for "gpt4".
        """
        digits = [letter for letter in word if letter.isdigit()]
        best: tuple[int, int, str] | None = None
        for candidate in self._candidates(word, most):
            slips = distance(word, candidate, most=most)
            if slips > most or [letter for letter in candidate if letter.isdigit()] != digits:
                continue
            rank = (slips, -self._counts[candidate], candidate)
            if best is None or rank < best:
                best = rank
        return best[2] if best else None

    def _candidates(self, word: str, most: int) -> Iterator[str]:
        letters = set(word)
        for length in range(len(word) - most, len(word) + most + 1):
            for candidate in self._buckets.get((word[:1], length), ()):
                # Each slip changes at most two letters of the set: a cheap first sieve.
                if len(letters.symmetric_difference(candidate)) <= 2 * most:
                    yield candidate


def other_spellings(word: str) -> tuple[str, ...]:
    """`word` as it is spelt on the other side of the Atlantic, both ways."""
    found = []
    for british, american in _SPELLINGS:
        for one, other in ((british, american), (american, british)):
            for ending in ("", "s", "al"):
                if word.endswith(one + ending) and len(word) > len(one + ending) + 1:
                    found.append(word[: len(word) - len(one + ending)] + other + ending)
    return tuple(dict.fromkeys(found))
