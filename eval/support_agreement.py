"""How far the support check agrees with people: measured once on public data, and stored.

The data is not in the box, so the figures are kept in `eval/data/support_agreement.json` with
what they were measured on and by which weights of the check. Measure them again, after the check
was learned anew, with

    python -m eval.support_agreement [--shared DIR]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from rag.errors import InputError

STORED = Path(__file__).parent / "data" / "support_agreement.json"
WEIGHTS = Path(__file__).parent.parent / "rag" / "data" / "support.json"
COMMAND = "python -m eval.support_agreement"


@dataclass(frozen=True, slots=True)
class Agreement:
    """One measurement of the check against labels that people gave.

    Attributes:
        data: what it was measured on.
        figure: which figure of agreement.
        value: in [0, 1].
        majority: the same figure of always giving the commonest label; what a value is to be
            read against.
        count: judged pairs.
        file: of the data, below the shared folder.
        sha256: of that file.
    """

    data: str
    figure: str
    value: float
    majority: float
    count: int
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Measured:
    """All measurements, with the ISO date and the sha256 of the weights they were made with."""

    date: str
    weights: str
    agreements: tuple[Agreement, ...]

    @property
    def current(self) -> bool:
        """Whether the check still has the weights that were measured."""
        return self.weights == sha256_of(WEIGHTS)


@lru_cache(maxsize=4)
def measured(path: Path = STORED) -> Measured | None:
    """The stored measurements; None when there are none.

    Raises:
        InputError: the file cannot be read.
    """
    if not path.exists():
        return None
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        return Measured(
            date=tree["date"],
            weights=tree["weights"],
            agreements=tuple(Agreement(**one) for one in tree["agreements"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be read ({error}); make it with `{COMMAND}`") from error


def agreement_line(found: Measured | None) -> str:
    """One sentence to stand beside every figure that rests on the check."""
    if found is None or not found.agreements:
        return "judged by the support check, whose agreement with people is not measured yet"
    parts = [
        f"{one.figure} {one.value:.2f} on {one.count} pairs of {one.data} "
        f"({one.majority:.2f} by always saying the commonest)"
        for one in found.agreements
    ]
    when = f"measured {found.date}" + ("" if found.current else ", before the check was changed")
    return f"judged by the support check; its agreement with people, {when}: {'; '.join(parts)}"


def measure(shared: Path) -> Measured:
    """Ask the check about every pair of AttributionBench dev and of the SciFact claims.

    On AttributionBench it answers at the threshold that it answers with in Quoth. SciFact has
    three labels and the check gives two: there the two others are taken as one, and the score's
    threshold for "supported" is chosen out of fold.
    """
    from eval.support_bench import attribution, scifact
    from eval.support_cases import attribution_cases, scifact_cases

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


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, store, and say what was stored."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[2] / "shared")
    parser.add_argument("--out", type=Path, default=STORED)
    options = parser.parse_args(arguments)
    found = measure(options.shared)
    tree = {"made_with": COMMAND, **asdict(found)}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{agreement_line(found)}\n{options.out}\n")


if __name__ == "__main__":
    main()
