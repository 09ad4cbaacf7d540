"""How far a language model's ratings agree with the gold: measured in every run that it rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.metrics.agreement import accuracy, auroc, kappa
from eval.scores.figures import Row
from eval.statistics.numbers import number


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
