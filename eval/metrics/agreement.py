"""Agreement of a judge with people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import fsum

Label = str | bool


def accuracy(gold: Sequence[Label], given: Sequence[Label]) -> float | None:
    """Share of equal labels; None when there are none."""
    if not gold:
        return None
    return sum(one == other for one, other in zip(gold, given, strict=True)) / len(gold)


def macro_f1(gold: Sequence[Label], given: Sequence[Label]) -> float | None:
    """The plain mean of the F1 of each label that people gave.

        F1(l) = 2 |gold l and given l| / (|gold l| + |given l|)

    Returns:
        In [0, 1]; None when there are no labels.

    Source: Opitz and Burst, "Macro F1 and Macro F1", 2019 (the first of their two).
    """
    if not gold:
        return None
    wanted, shown = Counter(gold), Counter(given)
    both = Counter(one for one, other in zip(gold, given, strict=True) if one == other)
    return fsum(2 * both[label] / (wanted[label] + shown[label]) for label in wanted) / len(wanted)


def kappa(gold: Sequence[Label], given: Sequence[Label]) -> float | None:
    """Agreement beyond what the shares of the labels would give by chance.

        kappa = (p_observed - p_chance) / (1 - p_chance)

    Returns:
        At most 1; None when there are no labels, or chance alone explains everything.

    Source: Cohen, "A Coefficient of Agreement for Nominal Scales", 1960.
    """
    observed = accuracy(gold, given)
    if observed is None:
        return None
    total = len(gold)
    wanted, shown = Counter(gold), Counter(given)
    chance = fsum(wanted[label] * shown[label] for label in wanted) / total**2
    return (observed - chance) / (1 - chance) if chance < 1 else None


def auroc(gold: Sequence[bool], scores: Sequence[float]) -> float | None:
    """How well a score tells right from wrong: 1 is perfectly, .5 not at all.

        AUROC = P(score of a right one > score of a wrong one) + P(they are equal) / 2

    Returns:
        In [0, 1]; None when all are right or all are wrong.

    Source: Hanley and McNeil, "The Meaning and Use of the Area under a ROC Curve", 1982.
    """
    right = [score for flag, score in zip(gold, scores, strict=True) if flag]
    wrong = [score for flag, score in zip(gold, scores, strict=True) if not flag]
    if not right or not wrong:
        return None
    wins = sum((one > other) + (one == other) / 2 for one in right for other in wrong)
    return wins / (len(right) * len(wrong))
