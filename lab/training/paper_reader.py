"""Train the one-pass reader on two cores; resumable, and ended when one likes.

    python -m lab.training.paper_reader --shared DIR --out RUN [--hold N] [--fall N] [--start RUN]

The learning rate rises for `WARM_UP` steps, is held for `--hold` steps and falls to nothing over
`--fall` more (a trapezoid: Hu et al. 2024, "MiniCPM", https://arxiv.org/abs/2404.06395), so a run
that was held can be given its fall at any time by a second call with a smaller `--hold`.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lab.training import checkpoints
from lab.training.paper_reader_data import Reading, readings, sources
from lab.training.paper_reader_model import PaperReader, Row, loss_of
from rag.models import adapters
from rag.models import bundled as models
from rag.models.reader import IN_THE_BOX

Group = list[Row]
"""One text beside its papers."""
TOKENS_PER_STEP = 4096
TOKENS_AT_ONCE = 1024
WARM_UP, EVERY = 40, 20
RATE = 7e-5
SHARES = {
    "claim": 1 / 20,
    "request": 1 / 4,
    "example": 2 / 5,
    "left open": 1 / 2,
    "false premise": 1 / 2,
}
"""Of each round over everything, how much of a task or style is read: what silence and the choice
of sentence are learned from comes first."""
YES_AT_ONCE, NO_AT_ONCE = 3, 4
"""Papers of a list that are read together: those that belong, and those that do not."""
HEADS_LEARN = 10.0
"""How many times faster the heads learn: they begin at nothing, the encoder does not."""


def main() -> None:
    """Train, or go on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold", type=int, default=100_000, help="steps before the rate falls")
    parser.add_argument("--fall", type=int, default=200, help="steps while it falls")
    parser.add_argument("--start", type=Path, help="a finished run whose weights to begin with")
    parser.add_argument("--seed", type=int, default=0, help="of the order; another for a new start")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    warm = adapters.load(IN_THE_BOX, base=models.ENCODER, device="cpu", instead="reader=off")
    model = PaperReader(warm=warm)
    if options.start is not None:
        checkpoints.weights(options.start, model.trained())
    groups = _groups(model, options.shared / "train", random.Random(options.seed))
    steps = _steps(groups, random.Random(options.seed))
    train(model, steps[: options.hold + options.fall], options.out, fall=options.fall)


def train(model: PaperReader, steps: list[list[Group]], out: Path, *, fall: int) -> None:
    """AdamW over batches in their order; goes on from the checkpoint in `out`, if any."""
    import torch

    torch.set_flush_denormal(True)
    groups = [
        {"params": list(model.weights.values()), "times": 1.0},
        {"params": list(model.heads.values()), "times": HEADS_LEARN},
    ]
    optimiser = torch.optim.AdamW(groups, lr=RATE, weight_decay=0.01)
    done = checkpoints.resume(out, model.trained(), optimiser)
    begun, losses = time.monotonic(), []
    for step in range(done, len(steps)):
        rate = RATE * min((step + 1) / WARM_UP, 1.0, (len(steps) - step) / fall)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["times"]
        optimiser.zero_grad()
        losses.append(_learned(model, steps[step]))
        torch.nn.utils.clip_grad_norm_(list(model.weights.values()), 1.0)
        optimiser.step()
        if (step + 1) % EVERY == 0 or step + 1 == len(steps):
            checkpoints.save(out, model.trained(), optimiser, step=step + 1)
            told = f"loss {np.mean(losses[-EVERY:]):.3f}  {time.monotonic() - begun:.0f} s"
            sys.stdout.write(f"step {step + 1} of {len(steps)}  {told}\n")
            sys.stdout.flush()


def _learned(model: PaperReader, batch: list[Group]) -> float:
    """Add the gradients of a batch; its loss."""
    total, count = 0.0, sum(map(len, batch))
    for part in _parts(batch):
        judged = model([row for group in part for row in group])
        loss = loss_of(judged, [[row.reading for row in group] for group in part]) / count
        loss.backward()
        total += float(loss.detach())
    return total


def _groups(model: PaperReader, train: Path, generator: random.Random) -> list[Group]:
    """Every text to learn from beside its papers."""
    papers = sources(train)
    by_text: dict[tuple[str, str], list[Reading]] = defaultdict(list)
    for reading in readings(train):
        if reading.part == "train":
            by_text[reading.task, reading.text].append(reading)
    groups = [part for own in by_text.values() for part in _parted(own, generator)]
    return [[model.row(r, papers[r.paper_id]) for r in group] for group in groups]


def _parted(own: list[Reading], generator: random.Random) -> Iterator[list[Reading]]:
    """The readings of one text, a long list in several parts."""
    listed = [r for r in own if r.style == "list"]
    if not listed:
        elsewhere = [r for r in own if r.style == "elsewhere"]
        if any(r.without for r in own):  # the nearer miss is in the place of one of them
            own.remove(generator.choice(elsewhere))
        yield own
        return
    own = listed  # a judged list is also the request of the paper it was made for
    generator.shuffle(own)
    yes = [r for r in own if r.bears == 1.0]
    rest = [r for r in own if r.bears != 1.0]
    for start in range(0, max(1, len(yes)), YES_AT_ONCE):
        others = generator.sample(rest, min(NO_AT_ONCE, len(rest)))
        yield [*yes[start : start + YES_AT_ONCE], *others]


def _steps(groups: list[Group], generator: random.Random) -> list[list[Group]]:
    """Batches of some thousand tokens in an order drawn once: four rounds (see `SHARES`)."""
    steps: list[list[Group]] = []
    for _ in range(4):
        order = [group for group in groups if generator.random() < _share(group[0].reading)]
        generator.shuffle(order)
        batch, size = [], 0
        for group in order:
            batch.append(group)
            size += _size(group)
            if size >= TOKENS_PER_STEP:
                steps.append(batch)
                batch, size = [], 0
    return steps


def _share(reading: Reading) -> float:
    return SHARES.get(reading.task, SHARES.get(reading.style, 1.0))


def _size(group: Group) -> int:
    return sum(len(row.ids) for row in group)


def _parts(batch: list[Group]) -> list[list[Group]]:
    """A batch in parts of some tokens; a group is never parted."""
    parts: list[list[Group]] = []
    size = 0
    for group in sorted(batch, key=_size):
        if not parts or size + _size(group) > TOKENS_AT_ONCE:
            parts.append([])
            size = 0
        parts[-1].append(group)
        size += _size(group)
    return parts


if __name__ == "__main__":
    main()
