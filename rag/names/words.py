"""The words of a question that names are looked up by, slips corrected towards the corpus."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rag.language.spelling import distance, is_common, slips_allowed
from rag.names.coined import is_name_like
from rag.names.index import NameIndex


class Word(NamedTuple):
    """A word of a question; `meant` is the known word that a misspelt one stands for."""

    text: str
    start: int
    end: int
    meant: str

    @property
    def corrected(self) -> bool:
        """Whether the word was misspelt."""
        return self.meant != self.text.lower()


_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['\u2019]s$")
_MOST_WORDS: Final = 2000
_MOST_CORRECTIONS: Final = 40
"""A question in another language is all unknown words; looking for slips in each helps nobody."""
_SHORTEST_SHOUTED: Final = 6
"""Letters. A shorter word in capitals is another short form, not a slip: "DREAM" for "CREAM"."""


def question_words(index: NameIndex, question: str) -> list[Word]:
    """The words of `question`, at most 2,000 of them."""
    found: list[Word] = []
    corrections = 0
    shouted = question.isupper()
    for match in _WORD.finditer(question):
        if len(found) == _MOST_WORDS:
            break
        text = _POSSESSIVE.sub("", match.group())
        meant = text.lower().replace("'", "").replace("\u2019", "")
        if corrections < _MOST_CORRECTIONS and _is_strange(index, meant):
            corrections += 1
            meant = _meant(index, text, shouted=shouted) or meant
        found.append(Word(text, match.start(), match.start() + len(text), meant))
    return found


def _is_strange(index: NameIndex, word: str) -> bool:
    """Whether a word occurs neither in the corpus nor in plain English."""
    return (
        slips_allowed(word) > 0
        and word.isascii()
        and word not in index.vocabulary
        and word not in index.near_names
        and not is_common(word)
    )


def _meant(index: NameIndex, text: str, *, shouted: bool) -> str | None:
    """The known word that a strange one stands for, the nearer of a plain word and a name.

    Of two as near it is the plain word, unless the strange one is written as names are.
    """
    word = text.lower()
    allowed = slips_allowed(word)
    coined = not shouted and is_name_like(text)
    if text.isupper() and not shouted and len(text) < _SHORTEST_SHOUTED:
        return None
    generous = (
        2 if text[0].isupper() and not shouted and len(word) >= _SHORTEST_SHOUTED else allowed
    )
    name = index.near_names.nearest(word, most=max(generous, allowed))
    plain = index.near_words.nearest(word, most=allowed) if word.isalpha() else None
    if name is None or plain is None:
        return name or plain
    slips = {known: distance(word, known, most=2) for known in (name, plain)}
    if slips[name] != slips[plain]:
        return min(slips, key=lambda known: slips[known])
    return name if coined else plain
