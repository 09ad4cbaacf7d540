"""`quoth eval run`: ask a set of questions and keep what came back."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from eval.runs.asking import answers_asker, assistant_asker, manifest_of
from eval.runs.indexes import box_config, index_papers
from eval.runs.records import Record, Run
from eval.runs.runner import run_questions
from eval.sets.perturb import PAPERS, perturb_papers, perturb_questions
from eval.sets.questions import SETS, QuestionSet, check_papers, questions_path, read_questions
from rag.config import Config
from rag.contract.terminal import tell
from rag.errors import UsageError
from rag.types import Paper


def run(options: argparse.Namespace, config: Config) -> int:
    """Ask the questions; 1 when one of them failed."""
    from rag import build

    questions = _questions(options)
    with _index(options, config, questions) as (config, papers):
        check_papers(questions, ((paper.paper_id, paper.title) for paper in papers))
        with _perturbed_index(options, config, questions, papers) as config:
            assistant = build.assistant(config)
            asked = perturb_questions(questions.questions, options.perturb or "", seed=options.seed)
            if options.answers:
                ask = answers_asker(options.answers, assistant.papers())
            else:
                assistant.warm()
                ask = assistant_asker(assistant, k=options.k)
            manifest = manifest_of(
                asked,
                config,
                name=Path(options.questions).stem,
                index=assistant.info()["fingerprint"],
                k=options.k,
                perturb=options.perturb or "",
                seed=options.seed,
            )
            manifest["started"] = datetime.now(UTC).isoformat(timespec="seconds")
            with progress_bar(len(asked)) as progress:
                done = run_questions(
                    asked, ask, folder=options.out, manifest=manifest, progress=progress
                )
    return _told(done, questions)


def _questions(options: argparse.Namespace) -> QuestionSet:
    if options.k < 0:
        raise UsageError(f"-k wants 0 or more, not {options.k}")
    found = read_questions(questions_path(options.questions), with_drafts=options.drafts)
    if options.perturb:
        perturb_questions(found.questions[:1], options.perturb)  # an unknown name, before any work
    if options.today is not None:
        dated = (replace(one, today=one.today or options.today) for one in found.questions)
        found = replace(found, questions=tuple(dated))
    if options.limit is not None:
        found = replace(found, questions=found.questions[: options.limit])
    return found


@contextmanager
def _index(
    options: argparse.Namespace, config: Config, questions: QuestionSet
) -> Iterator[tuple[Config, tuple[Paper, ...]]]:
    """The configuration with the index that is asked, and its papers.

    The starter set is about the papers in the box and gets an index of exactly these, unless one
    is named: so it works on a fresh machine, and is not disturbed by the user's own papers.
    """
    from rag import build

    if options.questions == SETS[0] and options.index is None:
        with stage_bar() as progress:
            config = box_config(config, progress=progress)
    yield config, tuple(build.assistant(config).papers())


@contextmanager
def _perturbed_index(
    options: argparse.Namespace,
    config: Config,
    questions: QuestionSet,
    papers: tuple[Paper, ...],
) -> Iterator[Config]:
    """The configuration, with a throw-away index when the papers are perturbed."""
    if options.perturb not in PAPERS:
        yield config
        return
    changed = perturb_papers(papers, questions.questions, options.perturb, seed=options.seed)
    with tempfile.TemporaryDirectory(prefix="quoth-eval-") as folder, stage_bar() as progress:
        yield index_papers(changed, config, folder=Path(folder), progress=progress)


def _told(done: Run, questions: QuestionSet) -> int:
    failed = {name: record.error for name, record in done.records.items() if record.answer is None}
    for name, error in failed.items():
        tell(f"failed: {name}: {error}\n")
    waiting = f", {questions.drafts} drafts left out" if questions.drafts else ""
    tell(
        f"{len(done.records)} questions, {len(failed)} failed{waiting}; "
        f"next: quoth eval score {done.path}\n"
    )
    return 1 if failed else 0


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[Record], None]]:
    """A bar on standard error that counts questions and names the failed ones."""
    from tqdm import tqdm

    failed = 0
    with tqdm(total=total, desc="asking", unit="question", disable=None) as bar:

        def progress(record: Record) -> None:
            nonlocal failed
            failed += record.answer is None
            bar.set_postfix(failed=failed, refresh=False)
            bar.update()

        yield progress


@contextmanager
def stage_bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar on standard error for each stage of an ingest."""
    from tqdm import tqdm

    bar = tqdm(desc="indexing", disable=None, delay=0.5, leave=False)
    try:

        def progress(stage: str, done: int, total: int | None) -> None:
            bar.set_description(f"indexing: {stage}", refresh=False)
            bar.total, bar.n = total, done
            bar.refresh()

        yield progress
    finally:
        bar.close()
