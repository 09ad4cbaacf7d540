"""Measures how far the support check agrees with people, and stores it for `eval`.

python -m lab.bench.agreement [--shared DIR]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.scores.support_agreement import (
    COMMAND,
    STORED,
    WEIGHTS,
    Agreement,
    Measured,
    agreement_line,
    sha256_of,
)
from lab.bench.support import attribution, scifact
from lab.data.support_cases import attribution_cases, scifact_cases


def measure(shared: Path) -> Measured:
    """Ask the check about every pair of AttributionBench dev and of the SciFact claims.

    On AttributionBench it answers at the threshold that it answers with in Quoth. SciFact has
    three labels and the check gives two: there the two others are taken as one, and the score's
    threshold for "supported" is chosen out of fold.
    """
    on_attribution = attribution(attribution_cases(shared))
    on_scifact = scifact(scifact_cases(shared))
    pairs = sum(on_scifact["pairs"].values())
    return Measured(
        date=datetime.now(UTC).date().isoformat(),
        weights=sha256_of(WEIGHTS),
        agreements=(
            _agreement(
                shared,
                "bench/attributionbench/dev.jsonl",
                data="AttributionBench dev",
                figure="macro-F1",
                value=on_attribution["macro_f1_stored"],
                majority=on_attribution["macro_f1_majority"],
                count=on_attribution["pairs"],
            ),
            _agreement(
                shared,
                "bench/scifact/claims.jsonl",
                data="SciFact claims",
                figure="supported-or-not accuracy",
                value=on_scifact["supports_or_not_accuracy"],
                majority=on_scifact["supports_or_not_majority"],
                count=pairs,
            ),
        ),
    )


def _agreement(shared: Path, file: str, **figures: Any) -> Agreement:
    return Agreement(file=file, sha256=sha256_of(shared / file), **figures)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store, and say what was stored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[3] / "shared")
    parser.add_argument("--out", type=Path, default=STORED)
    options = parser.parse_args(arguments)
    found = measure(options.shared)
    tree = {"made_with": COMMAND, **asdict(found)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{agreement_line(found)}\n{options.out}\n")


if __name__ == "__main__":
    main()
