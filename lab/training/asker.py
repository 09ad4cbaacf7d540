"""Make the asker: some forty minutes on two cores; goes on when killed.

    python -m lab.training.asker --shared ../shared --out RUN [--without ut05 ut06] [--epochs 4]
    python -m lab.training.asker --shared ../shared --out RUN --ship rag/data/asker

`--without` leaves whole batches out, to be measured on (`python -m lab.training.asker_trial`).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from eval.training import checkpoints
from eval.training.adapter import save
from lab.training import asker_data
from lab.training.asker_data import Utterance, Varied
from lab.training.asker_model import RANK, AskerModel
from rag import models
from rag.question.asker import HEADS

BATCH = 32
RATE = 8e-4
WARM = 0.06
MINUTES_BETWEEN = 3.0


def main() -> None:
    """Train, or write the adapter of a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="batches left out")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--ship", type=Path, help="write the adapter of --out here, train nothing")
    options = parser.parse_args()
    if options.ship:
        size = ship(options.out, options.ship)
        sys.stdout.write(f"{options.ship}: {size / 1e6:.2f} MB\n")
        return
    lines = asker_data.load(options.shared / "train" / "utterances.jsonl")
    learned = [one for one in lines if one.batch not in options.without]
    options.out.mkdir(parents=True, exist_ok=True)
    train(learned, options.out, epochs=options.epochs)
    ship(options.out, options.out / "adapter")


def train(lines: Sequence[Utterance], out: Path, *, epochs: int) -> None:
    """All epochs, from where the last checkpoint stands."""
    import torch

    torch.set_flush_denormal(True)
    model = AskerModel()
    steps_an_epoch = -(-len(lines) // BATCH)
    total = epochs * steps_an_epoch
    done = checkpoints.resume(out, model.trained(), model.optimiser)
    saved = time.monotonic()
    for epoch in range(done // steps_an_epoch, epochs):
        draw = random.Random(epoch)
        vary = Varied(lines, draw=draw)
        rows = []
        for one in lines:
            parts, said = vary(one) if epoch else (one.parts, one.before)
            rows.append((one, *model.row(parts, said), said))
        rows.sort(key=lambda item: len(item[1].ids) + 12 * draw.random())
        batches = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
        draw.shuffle(batches)
        for place, batch in enumerate(batches, start=epoch * steps_an_epoch):
            if place < done:
                continue
            warm = min(1.0, (place + 1) / (WARM * total))
            losses = model.step(batch, rate=RATE * warm * max(0.02, 1 - place / total))
            if place % 20 == 0:
                shown = "  ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
                sys.stdout.write(f"{time.strftime('%H:%M:%S')} {place}/{total}  {shown}\n")
                sys.stdout.flush()
            if time.monotonic() - saved > 60 * MINUTES_BETWEEN:
                checkpoints.save(out, model.trained(), model.optimiser, step=place + 1)
                saved = time.monotonic()
    checkpoints.save(out, model.trained(), model.optimiser, step=total)


def ship(run: Path, out: Path) -> int:
    """Write the adapter of a run; its size in bytes."""
    from safetensors.torch import load_file

    stored = load_file(run / checkpoints.FILE)
    tensors = {name: weight for name, weight in stored.items() if checkpoints.MOMENT not in name}
    return save(tensors, out, base=models.ENCODER, rank=RANK, heads=tuple(HEADS))


if __name__ == "__main__":
    main()
