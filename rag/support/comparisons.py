"""Who is said to be ahead of whom: "A outperforms B", "A is faster than B", "A lags behind B"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rag.language.text import KEPT, Reading

REACH = 16
"""Words. How far from the comparing word the two compared things are looked for."""
THAN_REACH = 6
"""Words. How far after "faster" its "than" may stand ("3x faster on a GPU than")."""

_AHEAD_WORDS = "better higher faster larger stronger greater longer more bigger older"
_BEHIND_WORDS = "worse lower slower smaller weaker fewer less shorter younger cheaper"
_AHEAD = frozenset(_AHEAD_WORDS.split())
_BEHIND = frozenset(_BEHIND_WORDS.split())
_BREAK = re.compile(r"[,;:()]")
# What follows the compared thing and belongs to both sides: "on AIME", "by 5 points".
_CIRCUMSTANCE = frozenset(("on", "in", "for", "across", "at", "by", "when", "while", "with", "and"))
_AHEAD_VERB = re.compile(
    r"(?:out(?:perform|class|rank|score|strip|do|pac)\w*|beat(?:s|en|ing)?|surpass\w*|exceed\w*"
    r"|overtak\w*|top(?:s|ped|ping)|eclips\w*|superior|dominat\w*|ahead|above)$"
)
_BEHIND_VERB = re.compile(
    r"(?:underperform\w*|trail(?:s|ed|ing)?|lag(?:s|ged|ging)?|inferior|behind|below|short)$"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Stems left and right of the comparing word `at`; `sign` is +1 where the left is ahead."""

    at: int
    left: frozenset[str]
    right: frozenset[str]
    sign: int


@lru_cache(maxsize=KEPT)
def comparisons(text: Reading) -> tuple[Comparison, ...]:
    """What the text says is ahead of, or behind, what."""
    found = []
    for at, word in enumerate(text.words):
        middle, sign = _comparing(text, at, word.lower)
        if sign:
            found.append(Comparison(at, _left(text, at), _right(text, middle), sign))
    return tuple(found)


def crossed(claimed: Sequence[Comparison], known: Sequence[Comparison]) -> float:
    """How many words of a claimed comparison stand on the wrong side of a known one, at most 3."""
    worst = 0
    for one, other in product(claimed, known):
        swapped, straight = _crossing(one, other)
        worst = max(worst, sum(swapped) - sum(straight))
    return float(min(worst, 3))


def turned_round(claimed: Sequence[Comparison], known: Sequence[Comparison]) -> bool:
    """Whether both sides of a claimed comparison stand on the other side of a known one."""
    crossings = [_crossing(one, other) for one, other in product(claimed, known)]
    return any(all(swapped) and not any(straight) for swapped, straight in crossings)


def _crossing(one: Comparison, other: Comparison) -> tuple[tuple[int, int], tuple[int, int]]:
    """Shared words on opposite sides (each way), and on the same sides (left, right)."""
    left, right = one.left - one.right, one.right - one.left
    if one.sign != other.sign:
        left, right = right, left
    ahead, behind = other.left - other.right, other.right - other.left
    return (len(left & behind), len(right & ahead)), (len(left & ahead), len(right & behind))


def _comparing(text: Reading, at: int, word: str) -> tuple[int, int]:
    """Where the left side ends, and the sign; the sign is 0 where nothing is compared."""
    if word in _AHEAD or word in _BEHIND:
        following = range(at + 1, min(at + 1 + THAN_REACH, len(text.words)))
        than = next((i for i in following if text.words[i].lower == "than"), None)
        return (at, 0) if than is None else (than, 1 if word in _AHEAD else -1)
    sign = 1 if _AHEAD_VERB.match(word) else -1 if _BEHIND_VERB.match(word) else 0
    passive = word.endswith(("ed", "en")) and any(
        following.lower == "by" for following in text.words[at + 1 : at + 2]
    )
    return at, -sign if passive else sign


def _left(text: Reading, at: int) -> frozenset[str]:
    """The content words before `at`, back to where its clause begins."""
    found: list[str] = []
    for before in range(at - 1, max(-1, at - 1 - REACH), -1):
        word, following = text.words[before], text.words[before + 1]
        if _BREAK.search(text.text[word.end : following.start]):
            break
        if word.content:
            found.append(word.stem)
    return frozenset(found)


def _right(text: Reading, at: int) -> frozenset[str]:
    """The content words after `at`, up to where the compared thing ends: "than B on five tasks"."""
    found: list[str] = []
    for after in range(at + 1, min(at + 1 + REACH, len(text.words))):
        previous, word = text.words[after - 1], text.words[after]
        ends = after > at + 1 and _BREAK.search(text.text[previous.end : word.start])
        if ends or (found and word.lower in _CIRCUMSTANCE):
            break
        if word.content:
            found.append(word.stem)
    return frozenset(found)
