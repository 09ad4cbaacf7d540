"""Make anew every learned part that hangs on the encoder, the readers or what is read.

    python -m lab.training.anew --shared ../shared --work DIR [--from STEP] [--list]

Runs the steps in their order, each a command of its own that can be run alone (`--list` prints
them). What is done is marked in `--work`, so a run that was stopped goes on, inside a training at
its last checkpoint; `--from STEP` forgets that step and all behind it: `--from paper-reader` after
what is read has changed, `--from train-index` after the encoder has. A day on two cores for all.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.package_data import DATA

ASIDE = "ut05 ut06 ut10"
"""Utterances that the asker which the shape is learned with has not seen."""


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and the folder or file that it makes in the work folder, if any."""

    name: str
    command: str
    makes: str = ""


STEPS = (
    Step("train-papers", "{lab}.papers {shared}/train {work}/train.jsonl", "train.jsonl"),
    Step("train-index", "ui.cli ingest {work}/train.jsonl --index {work}/train", "train"),
    Step("pool-papers", "{lab}.papers {shared}/bench {work}/pool.jsonl --pool", "pool.jsonl"),
    Step("pool-index", "ui.cli ingest {work}/pool.jsonl --index {work}/pool", "pool"),
    Step(
        "scifact-index",
        "ui.cli eval retrieval {shared}/bench/scifact --index {work}/scifact",
        "scifact",
    ),
    Step(
        "query",
        "{lab}.query --shared {shared} --papers {work}/train --scifact {work}/scifact"
        " --pool {work}/pool --out {work}/query --ship {data}/query",
        "query",
    ),
    Step("ranking", "{lab}.ranking --index {work}/train --train {shared}/train"),
    Step("stated", "{lab}.stated --index {work}/train --scifact {work}/scifact --shared {shared}"),
    Step(
        "reader",
        "{lab}.reader --index {work}/train --scifact {work}/scifact --shared {shared}"
        " --out {work}/reader",
        "reader",
    ),
    Step("reader-ship", "{lab}.adapter --run {work}/reader"),
    Step("support", "{lab}.support --shared {shared}"),
    Step("support-read", "{lab}.support --shared {shared} --reader"),
    Step(
        "paper-reader",
        "{lab}.paper_reader --shared {shared} --out {work}/paper_reader --hold 2600 --fall 250",
        "paper_reader",
    ),
    Step("paper-reader-ship", "{lab}.paper_reader_ship --run {work}/paper_reader --rank 56"),
    Step(
        "asker-aside",
        "{lab}.asker --shared {shared} --out {work}/asker_aside --epochs 6 --without " + ASIDE,
        "asker_aside",
    ),
    Step("asker", "{lab}.asker --shared {shared} --out {work}/asker --epochs 6", "asker"),
    Step("asker-ship", "{lab}.asker --shared {shared} --out {work}/asker --ship {data}/asker"),
    Step(
        "aside-papers",
        "{lab}.evidence --shared {shared} --papers {work}/aside.jsonl",
        "aside.jsonl",
    ),
    Step("aside-index", "ui.cli ingest {work}/aside.jsonl --index {work}/aside", "aside"),
    Step(
        "evidence",
        "{lab}.evidence --index {work}/aside --shared {shared} --work {work}/evidence"
        " --asker {work}/asker_aside/adapter",
        "evidence",
    ),
)


def main() -> None:
    """Run what is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, help="the folder with train/ and bench/")
    parser.add_argument("--work", type=Path)
    parser.add_argument("--from", dest="first", choices=[step.name for step in STEPS])
    parser.add_argument("--list", action="store_true", help="print the commands, run none")
    options = parser.parse_args()
    if not (options.shared and options.work):
        parser.error("--shared and --work are needed")
    if options.list:
        for step in STEPS:
            sys.stdout.write(shlex.join(arguments(step, options.shared, options.work)) + "\n")
        return
    if options.first:
        forget(options.work, options.first)
    for step in left(options.work):
        sys.stdout.write(f"{step.name}\n")
        sys.stdout.flush()
        subprocess.run(arguments(step, options.shared, options.work), check=True)
        mark(options.work, step)


def arguments(step: Step, shared: Path, work: Path) -> list[str]:
    """The command of a step."""
    places = {"shared": shared, "work": work, "data": DATA, "lab": "lab.training"}
    return [sys.executable, "-m", *(part.format(**places) for part in step.command.split())]


def left(work: Path) -> Iterator[Step]:
    """The steps that are not marked, looked up as one comes to them."""
    for step in STEPS:
        if not _mark(work, step).exists():
            yield step


def mark(work: Path, step: Step) -> None:
    """Say that a step is done."""
    _mark(work, step).parent.mkdir(parents=True, exist_ok=True)
    _mark(work, step).touch()


def forget(work: Path, first: str) -> None:
    """Take away the marks of a step and of all behind it, and what they made."""
    names = [step.name for step in STEPS]
    for step in STEPS[names.index(first) :]:
        _mark(work, step).unlink(missing_ok=True)
        made = work / step.makes
        if step.makes and made.is_dir():
            shutil.rmtree(made)
        elif step.makes:
            made.unlink(missing_ok=True)


def _mark(work: Path, step: Step) -> Path:
    return work / "done" / step.name


if __name__ == "__main__":
    main()
