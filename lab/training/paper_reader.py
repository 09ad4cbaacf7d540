"""Train the one-pass reader on two cores; resumable, and ended when one likes.

    python -m lab.training.paper_reader --shared ../shared --out RUN [--hold N] [--fall N]

The learning rate rises for `WARM_UP` steps, is held for `--hold` steps and falls to nothing over
`--fall` more (a trapezoid: Hu et al. 2024, "MiniCPM", https://arxiv.org/abs/2404.06395), so a run
that was held can be given its fall at any time by a second call with a smaller `--hold`.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from pathlib import Path

import numpy as np

from eval.training import checkpoints
from lab.training.paper_reader_data import readings, sources
from lab.training.paper_reader_model import PaperReader, Row, loss_of
from rag import adapters, models
from rag.reader import IN_THE_BOX

TOKENS_PER_STEP = 4096
TOKENS_AT_ONCE = 2048
WARM_UP, EVERY = 40, 20
RATE = 7e-5


def main() -> None:
    """Train, or go on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold", type=int, default=100_000)
    parser.add_argument("--fall", type=int, default=200)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    import torch
    from torch.optim import AdamW

    torch.set_flush_denormal(True)
    warm = adapters.load(IN_THE_BOX, base=models.ENCODER, device="cpu", instead="reader=off")
    model = PaperReader(warm=warm)
    groups = [
        {"params": list(model.weights.values()), "times": 1.0},
        {"params": list(model.heads.values()), "times": 10.0},
    ]
    optimiser = AdamW(groups, lr=RATE, weight_decay=0.01)
    done = checkpoints.resume(options.out, model.trained(), optimiser)
    steps = _steps(_rows(model, options.shared / "train"))
    begun, losses = time.monotonic(), []
    last = min(len(steps), options.hold + options.fall)
    for step in range(done, last):
        rate = RATE * min((step + 1) / WARM_UP, 1.0, (last - step) / options.fall)
        for group in optimiser.param_groups:
            group["lr"] = rate * group["times"]
        optimiser.zero_grad()
        batch, total = steps[step], 0.0
        for part in _parts(batch):
            loss = loss_of(model(part), [row.reading for row in part]) * (len(part) / len(batch))
            loss.backward()
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(list(model.weights.values()), 1.0)
        optimiser.step()
        losses.append(total)
        if (step + 1) % EVERY == 0 or step + 1 == last:
            checkpoints.save(options.out, model.trained(), optimiser, step=step + 1)
            seconds = time.monotonic() - begun
            sys.stdout.write(
                f"step {step + 1} of {last}  loss {np.mean(losses[-EVERY:]):.3f}  {seconds:.0f} s\n"
            )
            sys.stdout.flush()


def _rows(model: PaperReader, train: Path) -> list[Row]:
    papers = sources(train)
    own = [r for r in readings(train) if r.part == "train"]
    return [model.row(reading, papers[reading.paper_id]) for reading in own]


def _steps(rows: list[Row]) -> list[list[Row]]:
    """Batches of some thousand tokens in an order drawn once: four times through everything."""
    generator = random.Random(0)
    steps: list[list[Row]] = []
    for _ in range(4):
        order = rows[:]
        generator.shuffle(order)
        batch, size = [], 0
        for row in order:
            batch.append(row)
            size += len(row.ids)
            if size >= TOKENS_PER_STEP:
                steps.append(batch)
                batch, size = [], 0
    return steps


def _parts(batch: list[Row]) -> list[list[Row]]:
    """A batch in parts of like lengths: less padding."""
    parts: list[list[Row]] = []
    size = 0
    for row in sorted(batch, key=lambda row: len(row.ids)):
        if not parts or size + len(row.ids) > TOKENS_AT_ONCE:
            parts.append([])
            size = 0
        parts[-1].append(row)
        size += len(row.ids)
    return parts


if __name__ == "__main__":
    main()
