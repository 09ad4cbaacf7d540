"""Make the adapter that ships from finished runs of `lab.training.reader`.

    python -m lab.training.adapter --run DIR... [--rank 64] [--out rag/data/reader] [--compare]

What the runs changed in each matrix (the mean of several, if several are named: Wortsman et al.
2022, "Model soups", https://arxiv.org/abs/2203.05482) is cut to its strongest directions (truncated
singular value decomposition, Eckart and Young 1936, https://doi.org/10.1007/BF02288367), which
makes of 42 MB two or three, and then is an adapter as if it had been learned as one. `--compare`
prints the figures of the papers kept aside for several ranks and for everything that was learned.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.training import checkpoints, reader_groups
from lab.training.fitting import auc
from lab.training.reader_groups import Group
from rag.models import adapters
from rag.models import bundled as models
from rag.models.reader import HEADS, IN_THE_BOX, Reader

RANKS = (16, 32, 64)
WHOLE = 384
"""A rank at which nothing is cut."""


def main() -> None:
    """Cut and write; or compare."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--run", type=Path, nargs="+", required=True, help="the --out of the training"
    )
    parser.add_argument("--rank", type=int, default=64)
    parser.add_argument("--out", type=Path, default=IN_THE_BOX)
    parser.add_argument("--compare", action="store_true", help="write nothing, print figures")
    options = parser.parse_args()
    if not options.compare:
        size = write(options.run, options.out, rank=options.rank)
        sys.stdout.write(f"{options.out}: {size / 1e6:.2f} MB at rank {options.rank}\n")
        return
    lessons = reader_groups.kept(options.run[0])
    groups = [group for lesson in lessons if lesson.part == "test" for group in lesson.groups]
    for rank in (*RANKS, WHOLE):
        with tempfile.TemporaryDirectory() as folder:
            size = write(options.run, Path(folder), rank=rank)
            figures = report(Reader(Path(folder)), groups)
        shown = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
        sys.stdout.write(f"rank {rank:3}  {size / 1e6:5.2f} MB  {shown}\n")
        sys.stdout.flush()


def write(runs: Sequence[Path], out: Path, *, rank: int) -> int:
    """The adapter of runs and the card with its sha256; its size in bytes."""
    from safetensors.torch import load_file

    each = [load_file(run / checkpoints.FILE) for run in runs]
    names = [name for name in each[0] if checkpoints.MOMENT not in name]
    learned = {name: sum(one[name] for one in each) / len(each) for name in names}
    tensors: dict[str, Any] = {name: learned[name] for name in ("heads.weight", "heads.bias")}
    tensors |= strongest(learned, rank=rank)
    return save(tensors, out, base=models.ENCODER, rank=rank, heads=HEADS)


def strongest(learned: Mapping[str, Any], *, rank: int) -> dict[str, Any]:
    """What training changed in each weight of the encoder, matrices as two factors of a rank."""
    import torch
    from safetensors.torch import load_file

    base = load_file(models.locate(models.ENCODER) / models.ENCODER.weights)
    tensors: dict[str, Any] = {}
    for name, before in base.items():
        if name not in learned:
            continue
        change = learned[name] - before
        if change.ndim == 1:
            tensors[name] = change
            continue
        up, strength, down = torch.linalg.svd(change, full_matrices=False)
        root = strength[:rank].sqrt()
        tensors[f"{name}.up"] = up[:, :rank] * root
        tensors[f"{name}.down"] = root[:, None] * down[:rank]
    return tensors


def save(
    tensors: Mapping[str, Any],
    out: Path,
    *,
    base: models.BundledModel,
    rank: int,
    heads: Sequence[str] = (),
) -> int:
    """Write an adapter in float16 and the card with its sha256; its size in bytes."""
    import torch
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    path = out / adapters.WEIGHTS
    halved = {name: t.detach().to(torch.float16).cpu() for name, t in tensors.items()}
    save_file({name: t.contiguous() for name, t in halved.items()}, path)
    card: dict[str, Any] = {"base": {"name": base.name, "sha256": base.sha256}, "rank": rank}
    if heads:
        card["heads"] = list(heads)
    card["sha256"] = models.file_sha256(path)
    (out / adapters.CARD).write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return path.stat().st_size


def report(reader: Reader, groups: list[Group]) -> dict[str, float]:
    """By skill: how often a right pair is first in its group, and the AUC over all pairs."""
    figures: dict[str, float] = {}
    for head in HEADS:
        own = [group for group in groups if group.head == head]
        flat = reader.logits(head, [pair for group in own for pair in group.pairs])
        ends = np.cumsum([len(group.pairs) for group in own])
        scores = [flat[end - len(g.pairs) : end] for end, g in zip(ends, own, strict=True)]
        right = np.concatenate([np.asarray(group.right) for group in own])
        figures[f"{head} first"] = _first(scores, own)
        figures[f"{head} auc"] = auc(flat, right)
    return figures


def _first(scores: list[NDArray[np.float64]], groups: list[Group]) -> float:
    both = [(s, g.right) for s, g in zip(scores, groups, strict=True) if 0 < sum(g.right) < len(s)]
    return float(np.mean([right[int(np.argmax(s))] for s, right in both]))


if __name__ == "__main__":
    main()
