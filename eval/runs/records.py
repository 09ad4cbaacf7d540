"""A run on disk: what was asked, what came back, and the papers it came from. Nothing is scored.

RUN/run.json        what was run: questions, settings, seed; a resumed run must agree with it
RUN/records.jsonl   one line a question, on disk before the next question is asked
RUN/papers.jsonl    the papers that answers cite, as they were stored: quotes are checked on them
RUN/judge.jsonl     what a language model said of the answers, where `quoth eval judge` was run
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eval.metrics.quote_exactness import Quote
from eval.sets.questions import Question, question_from_json, question_to_json
from rag.errors import InputError, UsageError

SCHEMA = "quoth.eval.run/1"


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A paper that search returned for a question, with its best sentences, best first."""

    paper_id: str
    title: str
    score: float
    sentences: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredPaper:
    """A paper as the index held it when the run was made."""

    paper_id: str
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Record:
    """What happened to one question.

    Attributes:
        question: the question as it was asked, with its gold.
        answer: the answer object; None when the question failed.
        error: what went wrong; empty when nothing did.
        hits: what search found for it, best first; empty when it was not asked for.
        seconds: wall-clock time from asking to the whole answer.
        peak_mb: highest memory of the process so far, in MiB; 0 where the system cannot tell.
    """

    question: Question
    answer: Mapping[str, Any] | None
    error: str = ""
    hits: tuple[FoundPaper, ...] = ()
    seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A run as read from its folder; `judged` is what a language model said of it, if it did."""

    path: Path
    manifest: Mapping[str, Any]
    records: Mapping[str, Record] = field(default_factory=dict)
    papers: Mapping[str, StoredPaper] = field(default_factory=dict)
    judged: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)

    @property
    def abstracts(self) -> dict[str, str]:
        """paper_id -> abstract, of the papers that were cited."""
        return {paper_id: paper.abstract for paper_id, paper in self.papers.items()}


def read_run(path: Path) -> Run:
    """Read a run. A last line that was cut off while it was written is left out.

    Raises:
        InputError: there is no run, or a line of it cannot be read.
    """
    manifest_path = path / "run.json"
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} is not a run: {manifest_path.name} cannot be read ({error}); "
            f"make one with `quoth eval run QUESTIONS --out {path}`"
        ) from error
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        raise InputError(f"{manifest_path} is not of the schema {SCHEMA}")
    records = {}
    for place, tree in _lines(path / "records.jsonl"):
        record = _record(tree, place)
        records[record.question.question_id] = record  # a later line is a later try
    papers = {}
    for place, tree in _lines(path / "papers.jsonl"):
        try:
            paper = StoredPaper(**tree)
        except TypeError as error:
            raise InputError(f"{place}: not a paper of a run: {error}") from error
        papers[paper.paper_id] = paper
    judged = {tree.pop("id"): tree for _, tree in _lines(path / "judge.jsonl")}
    return Run(path=path, manifest=manifest, records=records, papers=papers, judged=judged)


def start_run(path: Path, manifest: Mapping[str, Any]) -> Run:
    """Make the folder of a run, or open it to go on.

    Raises:
        UsageError: the folder holds a run of something else.
    """
    wanted = {"schema": SCHEMA, **manifest}
    path.mkdir(parents=True, exist_ok=True)
    if (path / "run.json").exists():
        run = read_run(path)
        changed = sorted(
            key
            for key in {*wanted, *run.manifest} - {"started"}
            if wanted.get(key) != run.manifest.get(key)
        )
        if changed:
            key = changed[0]
            raise UsageError(
                f"{path} is a run with another {key}: {run.manifest.get(key)!r}, "
                f"not {wanted.get(key)!r}; choose another --out"
            )
        _drop_torn_line(path / "records.jsonl")
        _drop_torn_line(path / "papers.jsonl")
        return run
    temporary = path / "run.json.new"
    temporary.write_text(json.dumps(wanted, indent=1, ensure_ascii=False), encoding="utf-8")
    temporary.replace(path / "run.json")
    return Run(path=path, manifest=wanted)


def append_record(path: Path, record: Record, papers: Iterable[StoredPaper] = ()) -> None:
    """Write what happened to a question, and the papers it cites that were not written yet.

    The papers go first: a record is only there when its papers are.
    """
    for paper in papers:
        _append(
            path / "papers.jsonl",
            {"paper_id": paper.paper_id, "title": paper.title, "abstract": paper.abstract},
        )
    _append(path / "records.jsonl", _record_to_json(record))


def _record_to_json(record: Record) -> dict[str, Any]:
    return {
        "question": question_to_json(record.question),
        "answer": record.answer,
        "error": record.error,
        "hits": [_hit_to_json(hit) for hit in record.hits],
        "seconds": round(record.seconds, 4),
        "peak_mb": round(record.peak_mb, 1),
    }


def _hit_to_json(hit: FoundPaper) -> list[Any]:
    sentences = [[quote.text, quote.start, quote.end] for quote in hit.sentences]
    return [hit.paper_id, hit.title, round(hit.score, 6), *([sentences] if sentences else [])]


def _hit(paper_id: str, title: str, score: float, sentences: Sequence[Any] = ()) -> FoundPaper:
    """A hit from its list; runs of earlier versions have no sentences in it."""
    quotes = tuple(Quote(paper_id, *sentence) for sentence in sentences)
    return FoundPaper(paper_id, title, score, quotes)


def _record(tree: Mapping[str, Any], place: str) -> Record:
    try:
        return Record(
            question=question_from_json(tree["question"]),
            answer=tree["answer"],
            error=tree["error"],
            hits=tuple(_hit(*hit) for hit in tree["hits"]),
            seconds=tree["seconds"],
            peak_mb=tree["peak_mb"],
        )
    except (KeyError, TypeError, InputError) as error:
        raise InputError(f"{place}: not a record of a run: {error}") from error


def _append(path: Path, tree: Mapping[str, Any]) -> None:
    line = json.dumps(tree, ensure_ascii=False) + "\n"
    with path.open("ab") as file:
        file.write(line.encode(errors="replace"))  # half a surrogate pair is no text
        file.flush()
        os.fsync(file.fileno())


def _lines(path: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    for number, line in enumerate(whole.split(b"\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            tree = json.loads(line)
        except ValueError as error:
            raise InputError(f"{place}: not JSON: {error}") from error
        if not isinstance(tree, dict):
            raise InputError(f"{place}: not a JSON object")
        yield place, tree


def _drop_torn_line(path: Path) -> None:
    """Cut off what a killed process left of its last line."""
    if path.exists():
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(path, whole)
