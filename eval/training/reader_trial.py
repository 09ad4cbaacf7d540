"""Compare readers on papers that they did not learn from.

    python -m eval.training.reader_trial --cases FILE --against NAME... NAME=ADAPTER...

`FILE` is made by `eval.training.reader_cases`. What to ship is chosen on the "dev" papers; `--part
test` is for a last look. A figure is marked + or - where the 95 % interval over resampled papers of
its distance to the mean of the readers named by `--against` (one recipe, several seeds) leaves out
0. All but those "by reader" are of what it says together with what is known without it, by weights
fitted as `eval.training.reading` fits them: cross-validated on "dev" papers, or fitted on these
and judged on "test" papers.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.training.reader_figures import figures_of
from eval.training.reader_groups import Case, kept_cases
from rag.reader import HEADS, Reader

Floats = NDArray[np.float64]
Table = dict[str, dict[str, dict[str, float]]]
RESAMPLINGS = 1000


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of one reader, and the same over resampled papers."""

    values: dict[str, float]
    drawn: dict[str, Floats]


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("readers", nargs="+", metavar="NAME=ADAPTER")
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--against", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    parser.add_argument("--jobs", type=int, default=1, help="readers at once")
    parser.add_argument("--json", type=Path, help="write all figures here too")
    options = parser.parse_args()
    folders = {
        name: Path(folder) for name, _, folder in (n.partition("=") for n in options.readers)
    }
    # CUDA does not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
        work = partial(judged, cases=options.cases, part=options.part)
        told = dict(zip(folders, pool.map(work, folders.values()), strict=True))
    table = compared(told, against=options.against or list(told)[:1])
    _show(table)
    if options.json:
        options.json.write_text(json.dumps(table, indent=1), encoding="utf-8")


def judged(folder: Path, *, cases: Path, part: str) -> Judged:
    """The figures of a reader.

    Args:
        folder: of the adapter.
        cases: the file.
        part: "dev" or "test".
    """
    kept = [case for case in kept_cases(cases) if case.part in ("dev", part)]
    figures = figures_of(kept, read(Reader(folder), kept), part=part)
    generator = np.random.default_rng(0)
    draws = {n: generator.integers(n, size=(RESAMPLINGS, n)) for n in sorted(figures.counts())}
    values = figures.values()
    every = [figures.values({n: rows[i] for n, rows in draws.items()}) for i in range(RESAMPLINGS)]
    return Judged(values, {key: np.array([one[key] for one in every]) for key in values})


def read(reader: Reader, cases: Sequence[Case]) -> list[Floats]:
    """What a reader says of the pairs of each case; no pair is read twice."""
    said: dict[tuple[str, str, str], float] = {}
    for head in HEADS:
        own = [case.group for case in cases if case.group.head == head]
        pairs = list(dict.fromkeys(pair for group in own for pair in group.pairs))
        for pair, value in zip(pairs, reader.logits(head, pairs), strict=True):
            said[(head, *pair)] = float(value)
    return [
        np.array([said[(case.group.head, *pair)] for pair in case.group.pairs]) for case in cases
    ]


def compared(told: Mapping[str, Judged], *, against: Sequence[str]) -> Table:
    """Of every reader and figure: "value", "more" than those it is held against, "low", "high"."""
    table: Table = {}
    for name, one in told.items():
        table[name] = {}
        for key, value in one.values.items():
            base = np.mean([told[other].values[key] for other in against])
            more = one.drawn[key] - np.mean([told[other].drawn[key] for other in against], axis=0)
            low, high = np.quantile(more, [0.025, 0.975])
            entry = {"value": value, "more": value - base, "low": low, "high": high}
            table[name][key] = {k: round(float(v), 4) for k, v in entry.items()}
    return table


def _show(table: Table) -> None:
    """A row a reader, a column a figure; marked where the interval leaves out no difference."""
    keys = list(next(iter(table.values())))
    for i, key in enumerate(keys):
        sys.stdout.write(f"{i:2} {key}\n")
    width = max(len(name) for name in table)
    head = " ".join(f"{i:>5}" for i in range(len(keys)))
    sys.stdout.write(f"{'':{width}} {head}\n")
    for name, figures in table.items():
        cells = []
        for one in figures.values():
            mark = "+" if one["low"] > 0 else "-" if one["high"] < 0 else " "
            cells.append(f"{one['value']:.3f}"[-4:].rjust(4) + mark)
        sys.stdout.write(f"{name:{width}} {' '.join(cells)}\n")


if __name__ == "__main__":
    main()
