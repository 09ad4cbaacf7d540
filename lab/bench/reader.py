"""What the reader is worth to the check, on the papers that nothing was learned from.

    python -m lab.bench.reader [--shared DIR]

Of the 284 "test" papers of `lab.data.support_cases`, the reader alone and without any retriever:
how often the true sentence is above the false one by kind of falsehood, beside the check without
and with the reader. Intervals are 95 % by 2,000 resamplings of the papers. The gain in the whole of
Quoth, with that of the reader of papers:

    quoth eval run SET --out A --set reader=off
    quoth eval run SET --out B
    quoth eval compare A B
"""

from __future__ import annotations

import argparse
import json
import lzma
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.data.support_cases import part_of
from rag.models.reader import Reader, titled
from rag.support.check import check

RESAMPLINGS = 2000
NEAREST_SHARED = Path(__file__).parents[3] / "shared"
Floats = NDArray[np.float64]


def main() -> None:
    """Print how often the true sentence is above the false one, by kind of falsehood."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=NEAREST_SHARED)
    told = examples(parser.parse_args().shared / "train")
    reader = Reader()
    rows, kinds = [], []
    for example in told:
        evidence = [example["sentences"][i] for i in example["evidence"]]
        source = titled(example["title"], " ".join(evidence))
        claims = (example["answer_sentence"], example["wrong_sentence"])
        read = reader.logits("supports", [(claim, source) for claim in claims])
        options = {"title": example["title"], "context": " ".join(example["sentences"])}
        without = [check(claim, evidence, **options).score for claim in claims]
        joint = [
            check(claim, evidence, read=float(said), **options).score
            for claim, said in zip(claims, read, strict=True)
        ]
        rows.append([_above(read), _above(without), _above(joint)])
        kinds.append(example["wrong_kind"])
    table = np.array(rows)
    for kind in [*sorted(set(kinds)), ""]:
        kept = table[[k == kind or not kind for k in kinds]]
        for place, name in enumerate(("reader", "check without", "check with")):
            _say(f"true above false: {kind or 'all'} (n {len(kept)}), {name}", kept[:, place])


def _above(pair: Sequence[float] | Floats) -> float:
    """1 where the first is higher, a half where both are the same."""
    return 1.0 if pair[0] > pair[1] else 0.5 if pair[0] == pair[1] else 0.0


def _say(what: str, values: Floats) -> None:
    generator = np.random.default_rng(0)
    drawn = [
        values[generator.integers(len(values), size=len(values))].mean() for _ in range(RESAMPLINGS)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    sys.stdout.write(f"{what:62} {values.mean():.3f} ({low:.2f} to {high:.2f})\n")


def examples(folder: Path) -> list[dict[str, Any]]:
    """The examples of the test papers, each with the title and the sentences of its paper."""
    with lzma.open(folder / "papers.jsonl.xz", "rt", encoding="utf-8") as lines:
        papers = {paper["id"]: paper for paper in map(json.loads, lines)}
    written = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        papers[example["id"]] | example
        for example in map(json.loads, written)
        if part_of(example["id"]) == "test"
    ]


if __name__ == "__main__":
    main()
