"""Ways of retelling a sentence that cannot change what it says.

A retelling leaves out what only hangs on a sentence, and puts the paper's "we" into the third
person (`rag.retelling.edits` finds what may go and what has to change). All else stays, word by
word and in its order. `retells` is the test of what a model wrote, and `retold` makes what it is
taught with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

from rag.retelling.edits import edits
from rag.retelling.tokens import Edit, compared, tokens
from rag.types import Paper

FEWEST_WORDS = 4
LONGEST_TEXT = 250
"""Tokens. What is longer is no sentence and is not retold, which bounds time and recursion."""


def retells(sentence: str, text: str, paper: Paper) -> bool:
    """Whether a sentence is a retelling of a text.

    Args:
        sentence: as written.
        text: one sentence of the paper's abstract.
        paper: whose title and abstract say what "our method" is called, and who "we" are.
    """
    said = compared(sentence)
    while said and said[-1] == ".":
        said.pop()
    if len(said) < FEWEST_WORDS or len(tokens(text)) > LONGEST_TEXT:
        return False
    return _agreement(said, text, paper)(0, 0)


def _agreement(said: list[str], text: str, paper: Paper) -> Callable[[int, int], bool]:
    """(token of the text, word said) -> whether the rest of both agree."""
    told = compared(text)
    end = len(told) - (told[-1:] == ["."])
    changes: dict[int, list[Edit]] = {}
    for edit in edits(text, paper):
        changes.setdefault(edit.first, []).append(edit)

    @cache
    def agrees(at: int, place: int) -> bool:
        if at >= end:
            return place == len(said)
        here = changes.get(at, ())
        for edit in here:
            after = place + len(edit.words)
            heard = edit.instead is not None and said[place:after] == list(edit.words)
            if heard and agrees(edit.last, after):
                return True
        if any(edit.needed for edit in here) or place >= len(said) or said[place] != told[at]:
            return False
        return agrees(at + 1, place + 1)

    return agrees


def retold(text: str, paper: Paper, *, without: Iterable[Edit]) -> str:
    """A text with some of its edits made, and all that it needs.

    Args:
        text: one sentence of the paper's abstract.
        paper: as in `retells`.
        without: edits of the text that are wished for; one within another counts for nothing.

    Returns:
        "" for a text that cannot be retold.
    """
    told = tokens(text)
    needed = [edit for edit in edits(text, paper) if edit.needed]
    chosen = sorted([*without, *needed], key=lambda edit: (edit.first, -edit.last))
    pieces, at = [], 0
    for edit in chosen:
        start = told[edit.first].start
        if start < at:  # within the one before, or another way to make it
            continue
        if edit.instead is None:
            return ""
        pieces += [text[at:start], edit.instead]
        at = told[edit.last].start if edit.last < len(told) else len(text)
        if edit.instead and not edit.instead.endswith(" "):
            at = told[edit.last - 1].end
    return _tidy("".join([*pieces, text[at:]]))


def _tidy(text: str) -> str:
    """A capital at the beginning, one stop at the end, no mark left over."""
    body = " ".join(text.split()).rstrip(" .,;:\u2014\u2013-")
    for mark in ",;:.":
        body = body.replace(f" {mark}", mark)
    return f"{body[:1].upper()}{body[1:]}."
