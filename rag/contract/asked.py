"""What is asked, as it is taken: sane, and no longer than anything that is looked at.

The one door of questions: the page, the terminal, batches and every API come through it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import UsageError
from rag.language.sane import repairs, sane
from rag.types import Turn

LONGEST_QUESTION = 2000
"""Characters that are looked at. Nobody asks for longer; a pasted document is not a question."""
MOST_TURNS = 40
"""Earlier turns that are looked at, the last ones: twenty questions and their answers."""
LONGEST_ANSWER = 20_000
"""Characters of an earlier answer that are looked at; a list of forty papers has half of that."""
MOST_PAPERS = 200
"""Papers that an earlier answer may name as its sources."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was said before it. `notes`: what was changed in it, in words."""

    question: str
    history: tuple[Turn, ...] = ()
    notes: tuple[str, ...] = ()


def asked(question: Any, history: Sequence[Turn] = ()) -> Asked:
    """A question as it came, made sane, with its history cut to what is looked at.

    Raises:
        UsageError: it is no text.
    """
    if not isinstance(question, str):
        raise UsageError(f"a question must be text, not {type(question).__name__}")
    mended = [f"{what} in the question were replaced or left out" for what in repairs(question)]
    if len(question) > LONGEST_QUESTION:
        mended.append(f"only the first {LONGEST_QUESTION:,} characters of the question were read")
    turns = history[-MOST_TURNS:]
    if any(len(turn.content) > _longest(turn) for turn in turns):
        mended.append("the beginnings of long earlier turns were read, not the whole")
    return Asked(sane(question), tuple(map(_turn, turns)), tuple(mended))


def _longest(turn: Turn) -> int:
    return LONGEST_QUESTION if turn.role == "user" else LONGEST_ANSWER


def _turn(turn: Turn) -> Turn:
    ids = tuple(sane(name) for name in turn.paper_ids[:MOST_PAPERS])
    return Turn(turn.role, sane(turn.content[: _longest(turn)]), ids)
