"""How far the judges agree with people: it stands beside every figure that rests on one.

The support check judges citations; its agreement was measured on public data that is not in the
box, and is kept here. A language model may rate answers; its agreement with the gold is measured
in every run that it rates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.figures import Row
from eval.metrics.agreement import accuracy, auroc, kappa
from eval.numbers import number


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


@dataclass(frozen=True, slots=True)
class JudgeAgreement:
    """How far the judge's ratings agree with the gold; None where it is not defined."""

    accuracy: float | None
    kappa: float | None
    auroc: float | None
    count: int


def agreement_of(rows: Sequence[Row]) -> JudgeAgreement | None:
    """The judge's ratings beside the scores by the gold; None when nothing was judged.

    An answer counts as right from a score, and as rated right from a rating, of .5 on.
    """
    pairs: list[tuple[float, float]] = []
    for row in rows:
        score, rating = row.get("score"), row.get("judge_rating")
        if score is not None and rating is not None:
            pairs.append((score, rating))
    if not pairs:
        return None
    right = [score >= 0.5 for score, _ in pairs]
    rated = [rating >= 0.5 for _, rating in pairs]
    return JudgeAgreement(
        accuracy=accuracy(right, rated),
        kappa=kappa(right, rated),
        auroc=auroc(right, [rating for _, rating in pairs]),
        count=len(pairs),
    )


def rating_line(agreement: JudgeAgreement) -> str:
    """One sentence to stand beside ratings by a model."""
    return (
        f"a language model's expected grade; its agreement with the gold on {agreement.count} "
        f"questions: accuracy {number(agreement.accuracy)}, kappa {number(agreement.kappa)}, "
        f"AUROC {number(agreement.auroc)}"
    )
