"""A rated answer as a draft of an evaluation question, for a person to look over.

`quoth eval run FILE --drafts` takes them as they are; without --drafts they wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.contract.wire import json_text
from rag.types import Turn
from ui.private import write_private
from ui.talk.conversations import StoredTurn

FEEDBACK = "feedback.jsonl"
_TYPES: Mapping[str, str] = {"collection": "count", "other": "unanswerable"}
"""The type of question that comes nearest to a kind of answer that is none."""


def case_of(turn: StoredTurn, *, history: Sequence[Turn] = ()) -> dict[str, Any]:
    """The line of a question set that a rating makes.

    Gold is what was cited (or came nearest): right when the answer was liked, and the place to
    begin mending when it was not; the note says which.
    """
    answer = turn.answer
    papers = [source.paper.title for source in answer.sources]
    liked = turn.rating > 0
    kind = _TYPES.get(answer.kind, answer.kind)
    if answer.outcome == "abstained":
        kind = "unanswerable" if liked else kind
        papers = [] if liked else [near.paper.title for near in answer.nearest]
    if history and kind != "unanswerable":
        kind = "followup"
    wants_words = kind not in ("list", "unanswerable")
    # The claims of a count are the papers that were counted, not their number.
    told = answer.claims[:1] if kind != "count" else ()
    answers = [[claim.text] for claim in told] or [["(to be filled in)"]]
    return {
        "id": f"rated-{turn.turn_id}",
        "type": kind,
        "question": answer.question,
        "papers": papers,
        "answers": answers if wants_words else [],
        "history": [{"role": said.role, "content": said.content} for said in history],
        "status": "draft",
        "origin": "rating",
        "note": f"rated {'up' if liked else 'down: gold is not known'}. {turn.comment}".strip(),
    }


def write_cases(path: Path, cases: Sequence[dict[str, Any]]) -> None:
    """Write the cases, whole or not at all, for their owner only: people asked those questions."""
    write_private(path, "".join(json_text(case) + "\n" for case in cases))
