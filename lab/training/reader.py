"""Train the reader: a cross-encoder on the bundled MiniLM, with a head for each of three skills.

    python -m lab.training.reader --index DIR --scifact DIR --shared DIR --out RUN
    python -m lab.training.reader --refresh RUN --out DIR

`--index` is an index of the training papers (`python -m lab.training.papers`), `--scifact` one of
SciFact's corpus. The reader learns from the 70 % of the papers that `lab.data.support_cases` calls
"train"; "dev" is for what is fitted on top of it (`lab.training.support`), and "test" for figures.
With `--refresh` it learns anew, against the wrong pairs that a finished run finds hardest.
Seeded; a run that was killed goes on from its last checkpoint in `--out`. With `groups.json` of
another run in `--out` nothing but torch and that file is needed. What ships is made of the last
checkpoint by `lab.training.adapter`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lab.training import checkpoints, reader_groups
from lab.training.reader_groups import Group, Lesson
from lab.training.reader_losses import KINDS
from lab.training.reader_model import ReaderModel
from lab.training.reader_refresh import refreshed

GROUPS_PER_STEP = 26
EVERY = 10  # steps between checkpoints
WARM_UP = 0.1
LEFT_OPEN = 4


def main() -> None:
    """Build the groups and train."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--index", type=Path, help="of the training papers")
    parser.add_argument("--scifact", type=Path, help="an index of SciFact's corpus")
    parser.add_argument("--shared", type=Path, help="the folder with train/, bench/")
    parser.add_argument("--jobs", type=int, default=1, help="processes that find what to learn")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--rate", type=float, default=1e-4, help="learning rate")
    parser.add_argument("--loss", nargs="+", default=["listwise"], choices=KINDS)
    parser.add_argument("--seed", type=int, default=0, help="of the order")
    parser.add_argument("--refresh", type=Path, metavar="RUN", help="a finished run")
    parser.add_argument(
        "--left-open",
        type=int,
        default=LEFT_OPEN,
        help="after a refresh, pairs of a question that its abstract leaves open",
    )
    parser.add_argument("--more", action="store_true", help="sentences as claims to find papers by")
    parser.add_argument("--every", type=int, default=EVERY, help="steps between checkpoints")
    parser.add_argument("--steps", type=int, default=0, help="stop early, for comparisons")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if not (options.refresh or (options.out / reader_groups.FILE).is_file()):
        for name in ("index", "scifact", "shared"):
            if getattr(options, name) is None:
                parser.error(f"--{name} is needed to find what is learned from, or --refresh RUN")
    train(ReaderModel(), learned_from(all_lessons(options), options), options)
    sys.stdout.write(f"next: python -m lab.training.adapter --run {options.out}\n")


def all_lessons(options: argparse.Namespace) -> list[Lesson]:
    """What there is to learn from; made once and kept beside the checkpoints."""
    if (options.out / reader_groups.FILE).is_file():
        return reader_groups.kept(options.out)
    if options.refresh:
        first = learned_from(reader_groups.kept(options.refresh), options)
        lessons = refreshed(first, options.refresh, left_open=options.left_open)
    else:
        # Finding pairs needs an index and all of Quoth, learning from them torch alone.
        from lab.training.reader_gather import gather

        lessons = gather(options)
    reader_groups.keep(lessons, options.out)
    return lessons


def learned_from(lessons: Sequence[Lesson], options: argparse.Namespace) -> list[Lesson]:
    """Those of the parts that are learned from."""
    parts = ("train", "more") if options.more else ("train",)
    return [lesson for lesson in lessons if lesson.part in parts]


def train(model: ReaderModel, lessons: Sequence[Lesson], options: argparse.Namespace) -> None:
    """AdamW with a linear warm-up and decay; goes on from the checkpoint in `out`, if any."""
    done = checkpoints.resume(options.out, model.trained(), model.optimiser)
    generator = np.random.default_rng(options.seed)
    order: list[Group] = []
    for _ in range(int(np.ceil(options.epochs))):
        order += [group for i in generator.permutation(len(lessons)) for group in lessons[i].groups]
    total = int(options.epochs * sum(len(one.groups) for one in lessons) / GROUPS_PER_STEP)
    begun, losses = time.monotonic(), []
    last = min(total, options.steps or total)
    for step in range(done, last):
        share = step / total
        rate = options.rate * min((share + 1 / total) / WARM_UP, (1 - share) / (1 - WARM_UP))
        batch = order[step * GROUPS_PER_STEP : (step + 1) * GROUPS_PER_STEP]
        losses.append(model.step(batch, rate=rate, kinds=options.loss))
        if (step + 1) % options.every == 0 or step + 1 == last:
            checkpoints.save(options.out, model.trained(), model.optimiser, step=step + 1)
            seconds = time.monotonic() - begun
            _say(f"step {step + 1} of {total}", loss=np.mean(losses[-EVERY:]), seconds=seconds)


def _say(what: str, **figures: Any) -> None:
    shown = "  ".join(f"{name} {float(value):.3f}" for name, value in figures.items())
    sys.stdout.write(f"{what:16} {shown}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
