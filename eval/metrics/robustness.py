"""Robustness and grounding under perturbations, and the two in one figure.

Source: Kamble et al., "Expect the Unexpected: FailSafe Long Context QA for Finance" (FailSafeQA),
2025. Their scores are a judge's; here they are the question's own score in [0, 1].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum


def robustness(scores: Mapping[str, Sequence[float]]) -> float | None:
    """Mean, over the questions, of the worst score under any perturbation.

        R = mean over questions of min over {the question itself, its perturbed forms} of score

    Args:
        scores: name of the perturbation ("" for none) -> score per question, the same questions
            in the same order under each name.

    Returns:
        In [0, 1]; None when there are no questions.
    """
    columns = list(zip(*scores.values(), strict=True))
    return fsum(min(column) for column in columns) / len(columns) if columns else None


def grounding(abstained: Sequence[bool]) -> float | None:
    """Share of the questions left unanswered once the papers that answer them are gone.

    Returns:
        In [0, 1]; None when there are no questions.
    """
    return sum(abstained) / len(abstained) if abstained else None


def fail_safe(
    robustness_score: float | None, grounding_score: float | None, *, beta: float = 0.5
) -> float | None:
    """The weighted harmonic mean of both; with `beta` below 1 grounding weighs more.

        F = (1 + beta^2) * G * R / (beta^2 * G + R)

    Returns:
        In [0, 1]; None when either is undefined.
    """
    if robustness_score is None or grounding_score is None:
        return None
    weighted = beta**2 * grounding_score + robustness_score
    return (1 + beta**2) * grounding_score * robustness_score / weighted if weighted else 0.0
