"""Earlier turns as programs and files send them: {"role", "content", "paper_ids"}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.errors import UsageError
from rag.types import Turn

_WANTED = '{"role": "user" or "assistant", "content": text, "paper_ids": a list (optional)}'


def read_history(history: Any) -> tuple[Turn, ...]:
    """The turns of a conversation, oldest first; None is none.

    Raises:
        UsageError: a turn is not a role with a text; it is named by its place.
    """
    if history is None:
        return ()
    if not isinstance(history, list | tuple):
        raise UsageError(f"history wants a list of {_WANTED}, not {type(history).__name__}")
    return tuple(_turn(turn, f"history[{place}]") for place, turn in enumerate(history))


def _turn(turn: Any, name: str) -> Turn:
    role, content, ids = (
        (turn.get("role"), turn.get("content"), turn.get("paper_ids") or ())
        if isinstance(turn, Mapping)
        else (None, None, ())
    )
    if role not in ("user", "assistant") or not isinstance(content, str):
        raise UsageError(f"{name} wants {_WANTED}")
    if not isinstance(ids, list | tuple):
        raise UsageError(f"{name} wants {_WANTED}")
    return Turn(role=role, content=content, paper_ids=tuple(map(str, ids)))
