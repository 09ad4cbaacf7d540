"""Abstaining as a classification: was it right to stay silent?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abstention:
    """Precision, recall and F1 of staying silent; None where there is nothing to divide by."""

    precision: float | None
    recall: float | None
    f1: float | None


def abstention(abstained: Sequence[bool], unanswerable: Sequence[bool]) -> Abstention:
    """How well silence and unanswerable questions go together.

        precision = |silent and unanswerable| / |silent|
        recall    = |silent and unanswerable| / |unanswerable|
        F1        = 2 |silent and unanswerable| / (|silent| + |unanswerable|)

    Args:
        abstained: per question, whether the system stayed silent.
        unanswerable: per question, whether silence was right.

    Source: Feng et al., "Don't Hallucinate, Abstain", ACL 2024 (A-Prec, A-Rec, A-F1).
    """
    silent, wanted = sum(abstained), sum(unanswerable)
    both = sum(one and other for one, other in zip(abstained, unanswerable, strict=True))
    return Abstention(
        precision=both / silent if silent else None,
        recall=both / wanted if wanted else None,
        f1=2 * both / (silent + wanted) if silent + wanted else None,
    )
