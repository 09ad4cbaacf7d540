"""Who answers the questions of a run: an assistant, or a file of answers made elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.metrics.quote_exactness import Quote
from eval.runs.records import FoundPaper, StoredPaper
from eval.runs.rivals import SENTENCES
from eval.runs.runner import Asked, Asker
from eval.sets.questions import Question, question_to_json
from rag.config import Config
from rag.contract import answer_to_json
from rag.errors import InputError
from rag.types import Hit, Paper, Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant


def assistant_asker(assistant: Assistant, *, k: int) -> Asker:
    """Ask an assistant.

    Args:
        assistant: over the index to be measured.
        k: papers of `search` that are kept beside the answer; 0 keeps none.
    """

    def ask(question: Question) -> Asked:
        today = question.today
        answer = assistant.ask(question.question, history=turns(question), today=today)
        # A question within a conversation is searched for as it was understood: alone, it is none.
        asked = answer.standalone_question or question.question
        hits = assistant.search(asked, k=k, today=today) if k else []
        return Asked(
            answer=answer_to_json(answer, question_id=question.question_id),
            hits=tuple(_found(hit) for hit in hits),
            papers=tuple(_stored(source.paper) for source in answer.sources),
        )

    return ask


def answers_asker(path: Path, papers: Iterable[Paper]) -> Asker:
    """Take the answers from a file of answer objects, matched by "id".

    Args:
        path: JSON lines, as `quoth ask --batch` writes them.
        papers: of the index that was asked: quotes are checked against them.

    Raises:
        InputError: the file cannot be read, or a line of it is not an answer object.
    """
    by_id = {paper.paper_id: paper for paper in papers}
    answers = _read_answers(path)

    def ask(question: Question) -> Asked:
        answer = answers.get(question.question_id)
        if answer is None:
            raise InputError(f"{path} has no answer to {question.question_id!r}")
        cited = [by_id.get(source["paper_id"]) for source in answer["sources"]]
        return Asked(
            answer=answer, papers=tuple(_stored(paper) for paper in cited if paper is not None)
        )

    return ask


def turns(question: Question) -> tuple[Turn, ...]:
    """The conversation before a question, as the assistant takes it."""
    return tuple(
        Turn(
            role="user" if turn["role"] == "user" else "assistant",
            content=turn["content"],
            paper_ids=tuple(turn.get("paper_ids", ())),
        )
        for turn in question.history
    )


def manifest_of(
    questions: Sequence[Question],
    config: Config,
    *,
    name: str,
    index: str,
    k: int,
    perturb: str = "",
    seed: int = 0,
) -> dict[str, Any]:
    """What makes a run the run it is; a resumed one must agree in all of it.

    The place of the index is left out and its fingerprint taken: the same papers, indexed
    elsewhere, are the same run.
    """
    content = json.dumps([question_to_json(question) for question in questions], sort_keys=True)
    settings = asdict(config)
    del settings["index"]
    return {
        "set": name,
        "questions": hashlib.sha256(content.encode()).hexdigest(),
        "index": index,
        "settings": settings,
        "k": k,
        "perturb": perturb,
        "seed": seed,
    }


def _read_answers(path: Path) -> dict[str, Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the answers {path}: {error}") from error
    answers: dict[str, Mapping[str, Any]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            tree = json.loads(line)
            answers[str(tree["id"])] = tree
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f'{path}:{number}: not an answer object with an "id"') from error
    return answers


def _found(hit: Hit) -> FoundPaper:
    paper = hit.paper
    return FoundPaper(
        paper_id=paper.paper_id,
        title=paper.title,
        score=hit.score,
        sentences=tuple(
            Quote(paper.paper_id, passage.text(paper.abstract), passage.start, passage.end)
            for passage in hit.passages[:SENTENCES]
        ),
    )


def _stored(paper: Paper) -> StoredPaper:
    return StoredPaper(paper.paper_id, paper.title, paper.abstract)
