"""Sentences as they are retold: words, marks, and what may be said instead of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.language.wording import word_set

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:[-'\u2019.][^\W_]+)*|[^\w\s]|_")
_RESTRICTS = word_set(
    """only unless if except provided assuming when whenever until whether not no never cannot
    without but although though however whereas yet despite rather instead fails fail depending"""
)
"""Words that say to what a statement is limited, or turn it: what has one of them stays."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, where it stands in its text."""

    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        """As it is compared."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Edit:
    """Tokens `first` to before `last`, and what is said instead; a `needed` one has to be made.

    `instead` is None where nothing can be said: what needs such an edit cannot be retold.
    """

    first: int
    last: int
    instead: str | None = ""
    needed: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """What is said instead, as it is compared."""
        return tuple(compared(self.instead or ""))


def tokens(text: str) -> list[Token]:
    """Words, numbers and marks."""
    return [Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


def compared(text: str) -> list[str]:
    """Words, numbers and marks as two sentences are compared by: "3rows" is not "3 rows".

    What is glued to the word or number before it begins with a tilde.
    """
    found = tokens(text)
    glued = [False] + [
        a.end == b.start and a.text[-1].isalnum() and b.text[0].isalnum()
        for a, b in pairwise(found)
    ]
    return ["~" * stuck + token.lower for stuck, token in zip(glued, found, strict=False)]


def restricts(told: Sequence[Token]) -> bool:
    """Whether among some words there is one that limits a statement or turns it, or a number.

    A number limits nothing, but it is what people ask for.
    """
    return any(token.lower in _RESTRICTS or token.text[0].isdigit() for token in told)
