"""How far the support check agrees with people: measured once on public data, and stored.

The data is not in the box, so the figures are kept in `eval/data/support_agreement.json` with
what they were measured on and by which weights of the check. Measure them again, after the check
was learned anew, with

    python -m lab.bench.agreement [--shared DIR]
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.errors import InputError
from rag.package_data import DATA

STORED = Path(__file__).parents[1] / "data" / "support_agreement.json"
WEIGHTS = DATA / "support.json"
COMMAND = "python -m lab.bench.agreement"


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


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
