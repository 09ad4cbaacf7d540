"""Make the asker: half an hour on two cores that have nothing else to do; goes on when killed.

    python -m lab.training.asker --shared ../shared --out RUN [--without ut05 ut06] [--epochs 4]
    python -m lab.training.asker --shared ../shared --out RUN --ship rag/data/asker

`--without` leaves whole batches out, to be measured on (`python -m lab.training.asker_trial`).
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from lab.training import asker_data
from lab.training.adapter import save
from lab.training.asker_data import Utterance, Varied
from lab.training.asker_model import RANK, AskerModel, Example
from rag.models import bundled as models
from rag.question.asker import HEADS

BATCH = 12
RATE = 6e-4
WARM = 0.04
MINUTES_BETWEEN = 3.0


def main() -> None:
    """Train, or write the adapter of a run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", nargs="*", default=[], help="batches left out")
    parser.add_argument("--epochs", type=float, default=4.0)
    parser.add_argument("--workers", type=int, default=2, help="processes that learn together")
    parser.add_argument("--start", type=Path, help="a run to begin with the weights of")
    parser.add_argument("--ship", type=Path, help="write the adapter of --out here, train nothing")
    options = parser.parse_args()
    if options.ship:
        size = ship(options.out, options.ship)
        sys.stdout.write(f"{options.ship}: {size / 1e6:.2f} MB\n")
        return
    lines = asker_data.load(options.shared / "train" / "utterances.jsonl")
    learned = [one for one in lines if one.batch not in options.without]
    options.out.mkdir(parents=True, exist_ok=True)
    train(learned, options)
    ship(options.out, options.out / "adapter")


def train(lines: Sequence[Utterance], options: argparse.Namespace) -> None:
    """All epochs, from where the last checkpoint stands, by processes that share the weights.

    Each takes its own steps with its own moments, and waits for none of the others.
    Source: Recht et al. 2011, "Hogwild!" (https://arxiv.org/abs/1106.5730).
    """
    import torch.multiprocessing

    model = AskerModel()
    done = 0
    for folder in (options.out, options.start):
        if folder is not None and (folder / WEIGHTS).is_file():
            done = _load(folder / WEIGHTS, model, keep_place=folder == options.out)
            break
    shared = {name: weight.detach().share_memory_() for name, weight in model.trained().items()}
    context = torch.multiprocessing.get_context("spawn")
    workers = [
        context.Process(target=_work, args=(number, options, lines, shared, done))
        for number in range(options.workers)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a process that learned has failed; start again to go on")


def _work(
    number: int,
    options: argparse.Namespace,
    lines: Sequence[Utterance],
    shared: dict[str, Any],
    done: int,
) -> None:
    import torch

    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    model = AskerModel()
    for name, weight in model.trained().items():
        weight.data = shared[name]
    an_epoch = -(-len(lines) // (BATCH * options.workers))
    total = int(options.epochs * an_epoch)
    saved = time.monotonic()
    for place, batch in _steps(number, options, lines, model, an_epoch):
        if place < done:
            continue
        if place >= total:
            break
        warm = min(1.0, (place - done + 1) / (WARM * total))
        losses = model.step(batch, rate=RATE * warm * max(0.02, 1 - place / total))
        if number == 0 and place % 20 == 0:
            shown = "  ".join(f"{name} {loss:.3f}" for name, loss in losses.items())
            sys.stdout.write(f"{time.strftime('%H:%M:%S')} {place}/{total}  {shown}\n")
            sys.stdout.flush()
        if number == 0 and time.monotonic() - saved > 60 * MINUTES_BETWEEN:
            _save(options.out, shared, place + 1)
            saved = time.monotonic()
    if number == 0:
        _save(options.out, shared, total)


def _steps(
    number: int,
    options: argparse.Namespace,
    lines: Sequence[Utterance],
    model: AskerModel,
    an_epoch: int,
) -> Iterator[tuple[int, list[Example]]]:
    """The batches of one process and their places, without end; like lengths together."""
    for epoch in count():
        draw = random.Random(epoch)
        vary = Varied(lines, draw=draw)
        rows = []
        for one in lines:
            parts, said = vary(one) if epoch else (one.parts, one.before)
            rows.append((one, *model.row(parts, said), said))
        rows.sort(key=lambda item: len(item[1].ids) + 12 * draw.random())
        batches = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
        draw.shuffle(batches)
        own = batches[number :: options.workers]
        yield from enumerate(own, start=epoch * an_epoch)


WEIGHTS = "weights.safetensors"


def _save(out: Path, weights: dict[str, Any], place: int) -> None:
    from safetensors.torch import save_file

    fresh = out / f"{WEIGHTS}.tmp"
    tensors = {name: weight.detach().clone() for name, weight in weights.items()}
    save_file(tensors, str(fresh), metadata={"place": str(place)})
    fresh.replace(out / WEIGHTS)


def _load(path: Path, model: AskerModel, *, keep_place: bool) -> int:
    import torch
    from safetensors import safe_open

    with safe_open(str(path), framework="pt") as stored, torch.no_grad():
        for name, weight in model.trained().items():
            weight.copy_(stored.get_tensor(name))
        return int(stored.metadata()["place"]) if keep_place else 0


def ship(run: Path, out: Path) -> int:
    """Write the adapter of a run; its size in bytes."""
    from safetensors.torch import load_file

    return save(load_file(run / WEIGHTS), out, base=models.ENCODER, rank=RANK, heads=tuple(HEADS))


if __name__ == "__main__":
    main()
