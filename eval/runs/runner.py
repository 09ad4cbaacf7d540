"""Asking a set of questions, one record on disk after the other: a killed run goes on."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from eval.runs.records import (
    FoundPaper,
    Record,
    Run,
    StoredPaper,
    append_record,
    read_run,
    start_run,
)
from eval.sets.questions import Question
from rag.errors import UsageError


@dataclass(frozen=True, slots=True)
class Asked:
    """What came back for a question: the answer object, what search found, the cited papers."""

    answer: Mapping[str, Any]
    hits: tuple[FoundPaper, ...] = ()
    papers: tuple[StoredPaper, ...] = ()


Asker = Callable[[Question], Asked]
Progress = Callable[[Record], None]


def run_questions(
    questions: Sequence[Question],
    ask: Asker,
    *,
    folder: Path,
    manifest: Mapping[str, Any],
    progress: Progress = lambda record: None,
) -> Run:
    """Ask every question that the run has no answer to yet, and read the run back.

    A question that fails is recorded with its error and the next one is asked; when the run is
    started again, failed questions are tried again.

    Args:
        questions: in the order in which they are to be asked.
        ask: answers one question.
        folder: of the run; made when it is not there.
        manifest: what is run; a folder with another manifest is refused.
        progress: called after each question, also for those that were already there.

    Raises:
        UsageError: another process is running into the folder, or it holds another run.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            _ask_all(questions, ask, run=start_run(folder, manifest), progress=progress)
    except Timeout as error:
        raise UsageError(f"another process is running into {folder}; wait for it") from error
    return read_run(folder)


def _ask_all(questions: Sequence[Question], ask: Asker, *, run: Run, progress: Progress) -> None:
    known = set(run.papers)
    for question in questions:
        done = run.records.get(question.question_id)
        if done is not None and done.answer is not None:
            progress(done)
            continue
        record, papers = _ask(question, ask)
        fresh = [paper for paper in papers if paper.paper_id not in known]
        append_record(run.path, record, fresh)
        known.update(paper.paper_id for paper in fresh)
        progress(record)


def _ask(question: Question, ask: Asker) -> tuple[Record, tuple[StoredPaper, ...]]:
    started = time.perf_counter()
    try:
        asked = ask(question)
    except Exception as error:  # the boundary: whatever goes wrong in a question is its result
        record = Record(
            question=question,
            answer=None,
            error=f"{type(error).__name__}: {error}",
            seconds=time.perf_counter() - started,
            peak_mb=peak_memory(),
        )
        return record, ()
    record = Record(
        question=question,
        answer=asked.answer,
        hits=asked.hits,
        seconds=time.perf_counter() - started,
        peak_mb=peak_memory(),
    )
    return record, asked.papers


def peak_memory() -> float:
    """Most memory that this process has held, in MiB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10  # bytes there, KiB here
