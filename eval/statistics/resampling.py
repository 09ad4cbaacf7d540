"""Intervals and tests by resampling questions: how much of a figure is luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Row = TypeVar("Row")
Statistic = Callable[[Sequence[Row]], float | None]
"""A figure of a set of questions, e.g. AURC; None where it is not defined for the set."""

LEVEL = 0.95
RESAMPLES = 2000
"""Of a mean, which is a matrix product. The error of a bound is then about 1 % of its width."""
FEWER_RESAMPLES = 400
"""Of any other figure, computed in Python once a resample."""
EXACT_UP_TO = 12
"""Differing pairs for which all 2^n sign patterns are counted instead of drawn."""

_ROUNDING = 1e-12  # sums of the same numbers in another order differ by this much


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, bounds included."""

    low: float
    high: float


def mean_interval(
    values: Sequence[float], *, bounded: bool = True, level: float = LEVEL, seed: int = 0
) -> Interval | None:
    """Bootstrap interval of the mean over questions.

    The percentile interval, with its percentiles moved out by what a t quantile and the
    n / (n - 1) of the variance ask for: the plain one is too narrow below some 50 questions.
    Where all values are 1 (or all 0) a resample cannot differ and the bootstrap would claim
    certainty; there the exact binomial bound is given instead.

    Args:
        values: one a question.
        bounded: whether the values are shares in [0, 1]; only those have a binomial bound.
        level: share of intervals that are to hold the truth.
        seed: of the resampling; equal seeds give equal intervals.

    Returns:
        None for fewer than two values.

    Source: Hesterberg, "What Teachers Should Know About the Bootstrap", The American
    Statistician 69(4), 2015, section 4.1; Clopper and Pearson, 1934.
    """
    if len(values) < 2:
        return None
    array = np.asarray(values, dtype=np.float64)
    if bounded and np.all(array == array[0]) and array[0] in (0.0, 1.0):
        bound = ((1 - level) / 2) ** (1 / len(array))
        return Interval(bound, 1.0) if array[0] == 1.0 else Interval(0.0, 1.0 - bound)
    drawn = np.random.default_rng(seed).integers(0, len(array), (RESAMPLES, len(array)))
    return _expanded(array[drawn].mean(axis=1), size=len(array), level=level)


def statistic_interval(
    rows: Sequence[Row], statistic: Statistic[Row], *, level: float = LEVEL, seed: int = 0
) -> Interval | None:
    """Bootstrap interval of any figure of a set of questions; see `mean_interval`.

    Returns:
        None for fewer than two questions, or when the figure is undefined for most resamples.
    """
    if len(rows) < 2:
        return None
    drawn = np.random.default_rng(seed).integers(0, len(rows), (FEWER_RESAMPLES, len(rows)))
    found = [statistic([rows[place] for place in places]) for places in drawn]
    return _of_defined(found, size=len(rows), level=level)


def paired_interval(
    one: Sequence[Row],
    other: Sequence[Row],
    statistic: Statistic[Row],
    *,
    level: float = LEVEL,
    seed: int = 0,
) -> Interval | None:
    """Bootstrap interval of a figure's difference, other minus one, over the same questions.

    Both sides are resampled together, so what makes a question hard cancels out.

    Returns:
        As `statistic_interval`.
    """
    if len(one) < 2:
        return None
    drawn = np.random.default_rng(seed).integers(0, len(one), (FEWER_RESAMPLES, len(one)))
    found = [
        _difference(
            statistic([one[place] for place in places]),
            statistic([other[place] for place in places]),
        )
        for places in drawn
    ]
    return _of_defined(found, size=len(one), level=level)


def mean_p_value(differences: Sequence[float], *, seed: int = 0) -> float:
    """Two-sided paired permutation test that the mean difference is 0.

    Under the hypothesis each question's difference could as well have had the other sign.

        p = (1 + |{sign patterns at least as extreme}|) / (1 + patterns drawn)

    or the plain share of all patterns where there are few enough to count them all.

    Returns:
        In (0, 1]; 1 when nothing differs.

    Source: Fisher, "The Design of Experiments", 1935, section 21; Smucker, Allan and Carterette,
    "A Comparison of Statistical Significance Tests for Information Retrieval Evaluation", 2007.
    """
    moved = np.asarray([value for value in differences if value != 0.0], dtype=np.float64)
    if moved.size == 0:
        return 1.0
    observed = abs(moved.sum()) - _ROUNDING
    if moved.size <= EXACT_UP_TO:
        signs = np.asarray(list(product((-1.0, 1.0), repeat=moved.size)))
        return float(np.mean(np.abs(signs @ moved) >= observed))
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), (RESAMPLES * 5, moved.size))
    extreme = int(np.count_nonzero(np.abs(signs @ moved) >= observed))
    return (1 + extreme) / (1 + len(signs))


def statistic_p_value(
    one: Sequence[Row], other: Sequence[Row], statistic: Statistic[Row], *, seed: int = 0
) -> float | None:
    """Two-sided paired permutation test for any figure: each question's two rows may be swapped.

    Returns:
        In (0, 1]; None when the figure is undefined on either side.
    """
    observed = _difference(statistic(one), statistic(other))
    if observed is None:
        return None
    swaps = np.random.default_rng(seed).random((FEWER_RESAMPLES, len(one))) < 0.5
    extreme = drawn = 0
    for swap in swaps:
        pairs = list(zip(one, other, swap, strict=True))
        difference = _difference(
            statistic([b if swapped else a for a, b, swapped in pairs]),
            statistic([a if swapped else b for a, b, swapped in pairs]),
        )
        if difference is not None:
            drawn += 1
            extreme += abs(difference) >= abs(observed) - _ROUNDING
    return (1 + extreme) / (1 + drawn)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted for how many figures were tested, in the order given.

        adjusted of the i-th smallest = max over j <= i of min(1, (n - j + 1) * p_j)

    Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979.
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted = [1.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = highest
    return adjusted


def paid_for(differing: Sequence[int], *, alpha: float) -> int:
    """For how many of several paired sign tests the correction has to pay.

    With m questions that differ, no p-value is below 2 / 2^m; a figure that hardly moved cannot
    be significant and need not weaken the others. The number is the smallest K such that at most
    K of the figures could reach alpha / K.

    Args:
        differing: per figure, how many questions differ.
        alpha: the level of the whole family.

    Source: Tarone, "A Modified Bonferroni Method for Discrete Data", Biometrics 46(2), 1990.
    """
    paid = 1
    while sum(least_p_value(count) <= alpha / paid for count in differing) > paid:
        paid += 1
    return paid


def least_p_value(differing: int) -> float:
    """The smallest p-value that a paired sign test can have."""
    return min(1.0, 2.0 ** (1 - differing))


def _difference(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else other - one


def _of_defined(found: Sequence[float | None], *, size: int, level: float) -> Interval | None:
    defined = np.asarray([value for value in found if value is not None], dtype=np.float64)
    if defined.size * 2 < len(found):
        return None
    return _expanded(defined, size=size, level=level)


def _expanded(resampled: NDArray[np.float64], *, size: int, level: float) -> Interval:
    quantile = t_quantile((1 - level) / 2, degrees=size - 1)
    tail = NormalDist().cdf(quantile * sqrt(size / (size - 1)))
    low, high = np.quantile(resampled, (tail, 1 - tail))
    return Interval(float(low), float(high))


def t_quantile(share: float, *, degrees: int) -> float:
    """Quantile of Student's t: the normal one and the first terms of its expansion.

    For tails of .025 and more within 1 % of it from 3 degrees of freedom on: no need for SciPy.

    Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.5.
    """
    z = NormalDist().inv_cdf(share)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + sum(term / degrees**power for power, term in enumerate(terms, start=1))
