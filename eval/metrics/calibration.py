"""Calibration: does a confidence of .8 mean right in 8 of 10?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a reliability diagram: questions whose confidence is in [low, high)."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(
    confidences: Sequence[float], right: Sequence[float], *, bins: int = 10
) -> tuple[Bin, ...]:
    """Mean confidence and mean accuracy per bin of equal width over [0, 1]; empty bins left out.

    A confidence of exactly 1 belongs to the last bin.

    Source: DeGroot and Fienberg, "The Comparison and Evaluation of Forecasters", 1983.
    """
    members: list[list[tuple[float, float]]] = [[] for _ in range(bins)]
    for confidence, value in zip(confidences, right, strict=True):
        members[min(int(confidence * bins), bins - 1)].append((confidence, value))
    return tuple(
        Bin(
            low=number / bins,
            high=(number + 1) / bins,
            count=len(member),
            confidence=fsum(confidence for confidence, _ in member) / len(member),
            accuracy=fsum(value for _, value in member) / len(member),
        )
        for number, member in enumerate(members)
        if member
    )


def calibration_error(
    confidences: Sequence[float], right: Sequence[float], *, bins: int = 10
) -> float | None:
    """Expected calibration error: how far confidence and accuracy are apart; lower is better.

        ECE = sum over bins b of (|b| / n) * |accuracy(b) - confidence(b)|

    Returns:
        In [0, 1]; None when there are no questions.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using
    Bayesian Binning", AAAI 2015; Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    if not confidences:
        return None
    total = len(confidences)
    return fsum(
        bin_.count / total * abs(bin_.accuracy - bin_.confidence)
        for bin_ in reliability(confidences, right, bins=bins)
    )
