"""What the citation metrics judge: a sentence and the words cited for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of an answer with the passages that it cites, in order."""

    text: str
    passages: tuple[str, ...]


Judge = Callable[[str, Sequence[str]], bool]
"""(sentence, passages) -> whether the passages, taken together, support the sentence."""
