"""Cases from people who did not like an answer: drafts of questions, gold to be filled in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def append_case(
    path: Path,
    question: str,
    *,
    answer: Mapping[str, Any],
    history: Sequence[Mapping[str, str]] = (),
    note: str = "",
) -> str:
    """Add a question that was answered badly (the page's thumbs-down) to a file of drafts.

    Gold is for a person to fill in; the note says what was answered and cited.

    Args:
        path: of a question set; made when it is not there.
        question: as it was asked.
        answer: the answer object that was not liked.
        history: the conversation before it.
        note: what the person said about it.

    Returns:
        The id of the case; the same question with the same history has the same id, and is added
        once.
    """
    draft = _draft(question, answer=answer, history=history, note=note)
    path.parent.mkdir(parents=True, exist_ok=True)
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    if f'"id": "{draft["id"]}"' not in known:
        line = json.dumps(draft, ensure_ascii=False) + "\n"
        with path.open("ab") as file:
            file.write(line.encode(errors="replace"))
    return str(draft["id"])


def _draft(
    question: str,
    *,
    answer: Mapping[str, Any],
    history: Sequence[Mapping[str, str]],
    note: str,
) -> dict[str, Any]:
    turns = [dict(turn) for turn in history]
    key = json.dumps([question, turns], ensure_ascii=False).encode(errors="replace")
    cited = "; ".join(str(source["title"]) for source in answer.get("sources", ()))
    said = f"{note}. " if note else ""
    return {
        "id": f"feedback-{hashlib.sha256(key).hexdigest()[:10]}",
        "type": "followup" if history else answer.get("kind", "fact"),
        "question": question,
        "papers": [],
        "answers": [],
        "history": turns,
        "status": "draft",
        "origin": "feedback",
        "note": f"{said}It was answered: {answer.get('text', '')!r}, citing: {cited or 'nothing'}",
    }
