"""What the citation metrics judge: a sentence and the words cited for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer with the passages that it cites, in order.

    `title` and `context` are what a reader of the sentence knows too: the cited paper's title
    (several, joined by "; "), and the whole of the cited abstracts.
    """

    text: str
    passages: tuple[str, ...]
    title: str = ""
    context: str = ""


Judge = Callable[[Statement, Sequence[str]], bool]
"""(statement, some of its passages) -> whether these, taken together, support its sentence."""
