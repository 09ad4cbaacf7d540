"""How far the support check, the judge of the citation figures, agrees with people.

Measured on public data that is not in the box; kept here so that every figure that rests on the
judge can be read beside what the judge is worth.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """One measurement of the judge.

    Attributes:
        data: what it was measured on.
        figure: which figure of agreement.
        value: in [0, 1].
        count: judged pairs.
    """

    data: str
    figure: str
    value: float
    count: int


MEASURED_ON = ""
"""The date of the measurement, ISO; empty until there is one."""

AGREEMENTS: tuple[Agreement, ...] = ()


def agreement_line() -> str:
    """One sentence to stand beside every judged figure."""
    if not AGREEMENTS:
        return "judged by the support check, whose agreement with people is not measured yet"
    parts = [f"{one.figure} {one.value:.2f} on {one.data} ({one.count})" for one in AGREEMENTS]
    return f"judged by the support check; its agreement with people: {'; '.join(parts)}"
