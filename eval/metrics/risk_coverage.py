"""Risk against coverage: how wrong it is when it answers only what it is surest of."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum


def risk_coverage(
    confidences: Sequence[float], right: Sequence[float]
) -> list[tuple[float, float]]:
    """The curve's points (coverage, risk), at coverage 1/n, 2/n, ... 1.

        risk(i) = mean over the i surest questions of (1 - right)

    Questions of equal confidence cannot be told apart: within such a group the risk is the
    expected one over all orders of it, so the order of the input does not count.

    Args:
        confidences: per question, any score; higher is surer.
        right: per question, how right the answer is, in [0, 1].

    Returns:
        Empty when there are no questions.

    Source: El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification",
    JMLR 2010; Geifman and El-Yaniv, "Selective Classification for Deep Neural Networks", 2017.
    """
    groups: dict[float, list[float]] = {}
    for confidence, value in zip(confidences, right, strict=True):
        groups.setdefault(confidence, []).append(1 - value)
    points: list[tuple[float, float]] = []
    covered, losses = 0, 0.0
    total = len(confidences)
    for confidence in sorted(groups, reverse=True):
        group = groups[confidence]
        mean = fsum(group) / len(group)
        for step in range(1, len(group) + 1):
            points.append(((covered + step) / total, (losses + step * mean) / (covered + step)))
        covered += len(group)
        losses += fsum(group)
    return points


def aurc(confidences: Sequence[float], right: Sequence[float]) -> float | None:
    """Area under the risk-coverage curve: the mean risk over all coverages; lower is better.

        AURC = (1/n) * sum over i = 1..n of risk(i)

    Returns:
        In [0, 1]; None when there are no questions.

    Source: Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural
    Classifiers", ICLR 2019.
    """
    points = risk_coverage(confidences, right)
    return fsum(risk for _, risk in points) / len(points) if points else None
