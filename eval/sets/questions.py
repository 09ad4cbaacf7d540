"""Question sets: one JSON object a line, checked line by line before anything is asked.

    {"id": "q-001", "type": "fact", "question": "...", "papers": ["title or paper_id"],
     "also_ok": [], "answers": [["93 percent", "93%"]], "history": [], "filter": {}}

docs/evaluation.md describes every key. What `quoth ask --batch` reads of a line (id, question,
history, today) is the same; the rest is gold.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from eval.sets.question_rules import QuestionType, problems_of
from rag.errors import InputError

SETS = ("starter", "dev")
"""The sets that come in the box: `quoth eval run starter`."""

SHAPES: Mapping[str, Literal["point", "survey"]] = {
    **dict.fromkeys(("fact", "paper", "compare"), "point"),
    **dict.fromkeys(("list", "overview", "count"), "survey"),
}
"""What an answer of a kind looks like, by type of question and by kind of answer alike."""

_SHOWN = 8  # problems named in one error: enough to see the pattern


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its gold.

    Attributes:
        question_id: unique within its set.
        type: what is asked for; decides what counts as right.
        question: as a person would type it.
        papers: titles or paper_ids that must be cited.
        also_ok: titles or paper_ids that may be cited and count neither way.
        answers: gold answers, each a tuple of alternatives of which one must appear.
        history: the conversation before it: {"role", "content"} each, and "paper_ids" of answers.
        filter: what the question says of the papers.
        quotes: sentences of abstracts; of an unanswerable question those that deny its premise.
        today: the day it is asked on; None: the day of the run.
    """

    question_id: str
    type: QuestionType
    question: str
    papers: tuple[str, ...] = ()
    also_ok: tuple[str, ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    history: tuple[Mapping[str, Any], ...] = ()
    filter: Mapping[str, Any] = field(default_factory=dict)
    quotes: tuple[str, ...] = ()
    today: date | None = None

    @property
    def answerable(self) -> bool:
        """Whether the papers hold an answer."""
        return self.type != "unanswerable"

    @property
    def listing(self) -> bool:
        """Whether it is right in the measure that the cited papers are the gold ones."""
        return self.type in {"list", "filter"} or (self.type == "followup" and not self.answers)

    @property
    def shape(self) -> Literal["point", "survey", ""]:
        """What its answer must look like; "" where that is not looked at.

        A point is the sentences that answer, a survey is papers with what each says. What is asked
        within a conversation, and what is asked of the records alone, has no shape to be told.
        """
        if self.history or (self.type == "count" and self.filter):
            return ""
        return SHAPES.get(self.type, "")


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions with where each came from, so that a later problem can name its line."""

    questions: tuple[Question, ...]
    drafts: int = 0
    lines: Mapping[str, str] = field(default_factory=dict)


def questions_path(name: str) -> Path:
    """The file of a question set: one in the box by its name, else the path itself."""
    if name in SETS:
        return Path(__file__).parents[1] / "questions" / f"{name}.jsonl"
    return Path(name)


def read_questions(path: Path, *, with_drafts: bool = False) -> QuestionSet:
    """Read and check a question set.

    Args:
        path: a file of JSON lines; empty lines are skipped.
        with_drafts: also take questions marked `"status": "draft"`, which no person has accepted.

    Raises:
        InputError: the file cannot be read, is empty, or has wrong lines: each is named.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(
            f"cannot read the questions {path}: {reason}; sets in the box: {', '.join(SETS)}"
        ) from error
    questions: list[Question] = []
    lines: dict[str, str] = {}
    problems: list[str] = []
    drafts = 0
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        question, found, waits = _read_line(line, with_drafts=with_drafts)
        if question is not None and question.question_id in lines:
            found.append(f"id {question.question_id!r} is also at {lines[question.question_id]}")
        problems.extend(f"{place}: {problem}" for problem in found)
        drafts += waits
        if question is not None and not found:
            lines[question.question_id] = place
            questions.append(question)
    _raise(problems)
    if not questions:
        waiting = f"; {drafts} drafts wait for a person (--drafts takes them)" if drafts else ""
        raise InputError(f"{path} has no questions{waiting}")
    return QuestionSet(tuple(questions), drafts=drafts, lines=lines)


def question_to_json(question: Question) -> dict[str, Any]:
    """The line of a question set that `question_from_json` reads back."""
    return {
        "id": question.question_id,
        "type": question.type,
        "question": question.question,
        "papers": list(question.papers),
        "also_ok": list(question.also_ok),
        "answers": [list(alternatives) for alternatives in question.answers],
        "history": [dict(turn) for turn in question.history],
        "filter": dict(question.filter),
        **({"quotes": list(question.quotes)} if question.quotes else {}),
        **({"today": question.today.isoformat()} if question.today else {}),
    }


def question_from_json(tree: Mapping[str, Any]) -> Question:
    """A question from its JSON object.

    Raises:
        InputError: the object is not a valid question.
    """
    problems = problems_of(tree)
    if problems:
        raise InputError(f"question {tree.get('id')!r}: {'; '.join(problems)}")
    return Question(
        question_id=tree["id"],
        type=tree["type"],
        question=tree["question"],
        papers=tuple(tree.get("papers", ())),
        also_ok=tuple(tree.get("also_ok", ())),
        answers=tuple(tuple(group) for group in tree.get("answers", ())),
        history=tuple(dict(turn) for turn in tree.get("history", ())),
        filter=dict(tree.get("filter", {})),
        quotes=tuple(tree.get("quotes", ())),
        today=date.fromisoformat(tree["today"]) if "today" in tree else None,
    )


def check_papers(
    questions: QuestionSet, papers: Iterable[tuple[str, str]], *, where: str = "the index"
) -> None:
    """Make sure that every gold paper is in the index.

    Args:
        questions: a set that was read.
        papers: (paper_id, title) of each paper.
        where: how the index is called in the message.

    Raises:
        InputError: names file and line of each question whose papers are not there, and the
            nearest title.
    """
    titles: dict[str, str] = {}
    ids = set()
    for paper_id, title in papers:
        ids.add(paper_id)
        titles[normal_title(title)] = title
    problems = []
    for question in questions.questions:
        for name in (*question.papers, *question.also_ok):
            if name in ids or normal_title(name) in titles:
                continue
            near = difflib.get_close_matches(normal_title(name), titles, n=1, cutoff=0.6)
            hint = f"; did you mean {titles[near[0]]!r}?" if near else ""
            place = questions.lines.get(question.question_id, question.question_id)
            problems.append(f"{place}: {name!r} is not in {where}{hint}")
    _raise(problems)


def normal_title(title: str) -> str:
    """A title as titles are compared: letters and digits only, in lower case."""
    return "".join(character for character in title.casefold() if character.isalnum())


def _read_line(line: str, *, with_drafts: bool) -> tuple[Question | None, list[str], bool]:
    """(question, what is wrong, whether it is a draft that is left out)."""
    try:
        tree = json.loads(line)
    except json.JSONDecodeError as error:
        return None, [f"not JSON: {error.msg} at character {error.pos + 1}"], False
    if not isinstance(tree, dict):
        return None, ["a question is a JSON object"], False
    waits = tree.get("status") == "draft" and not with_drafts
    problems = problems_of(tree, draft=waits)
    return (None if problems or waits else question_from_json(tree)), problems, waits


def _raise(problems: Sequence[str]) -> None:
    if problems:
        more = f"\n... and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise InputError("\n".join(problems[:_SHOWN]) + more)
