"""Intervals that hold what they promise, tests that find what is there and nothing else."""

import numpy as np
import pytest
from scipy import stats

from eval.statistics.resampling import (
    holm,
    least_p_value,
    mean_interval,
    mean_p_value,
    paid_for,
    paired_interval,
    statistic_interval,
    statistic_p_value,
    t_quantile,
)

pytestmark = pytest.mark.slow

# What per-question figures look like: right or wrong, mostly right, shares, many full marks.
POPULATIONS = {
    "half right": (lambda g, n: (g.random(n) < 0.5).astype(float), 0.5),
    "mostly right": (lambda g, n: (g.random(n) < 0.85).astype(float), 0.85),
    "shares": (lambda g, n: g.beta(2, 3, n), 2 / 5),
    "full marks": (lambda g, n: np.where(g.random(n) < 0.6, 1.0, g.random(n)), 0.6 + 0.4 * 0.5),
}


@pytest.mark.parametrize("name", POPULATIONS)
def test_the_interval_covers_the_truth_in_93_to_97_of_100(name):
    draw, truth = POPULATIONS[name]
    generator = np.random.default_rng(7)
    covered = 0
    for trial in range(800):
        interval = mean_interval(draw(generator, 60), seed=trial)
        covered += interval.low <= truth <= interval.high
    assert 0.93 <= covered / 800 <= 0.97


def test_the_paired_interval_covers_a_true_difference_of_a_ratio():
    def precision(rows):
        silent = [wanted for abstained, wanted in rows if abstained]
        return sum(silent) / len(silent) if silent else None

    def draw(generator, right):
        abstained = generator.random(80) < 0.5
        wanted = generator.random(80) < right
        return list(zip(abstained.tolist(), wanted.tolist(), strict=True))

    generator = np.random.default_rng(5)
    covered = 0
    for trial in range(150):
        one, other = draw(generator, 0.5), draw(generator, 0.7)
        interval = paired_interval(one, other, precision, seed=trial)
        covered += interval.low <= 0.2 <= interval.high
    assert covered / 150 >= 0.9


def test_full_marks_in_few_questions_are_not_certainty():
    interval = mean_interval([1.0] * 10)
    assert interval.high == 1.0
    assert interval.low == pytest.approx(stats.beta.ppf(0.025, 10, 1))  # Clopper and Pearson
    assert mean_interval([0.0] * 10).high == pytest.approx(stats.beta.ppf(0.975, 1, 10))
    assert mean_interval([0.4] * 10) == mean_interval([0.4] * 10, bounded=False)
    assert mean_interval([1.0]) is None


def test_equal_seeds_give_equal_intervals():
    values = [0.1, 0.9, 0.4, 0.7, 0.3]
    assert mean_interval(values, seed=3) == mean_interval(values, seed=3)
    assert mean_interval(values, seed=3) != mean_interval(values, seed=4)


def test_a_figure_that_is_mostly_undefined_has_no_interval():
    rows = [None] * 99 + [1.0]
    assert statistic_interval(rows, lambda drawn: next(filter(None, drawn), None)) is not None
    assert statistic_interval(rows, lambda drawn: None) is None


@pytest.mark.parametrize("share", [0.025, 0.05, 0.9])
@pytest.mark.parametrize("degrees", [3, 9, 50])
def test_t_quantile(share, degrees):
    assert t_quantile(share, degrees=degrees) == pytest.approx(
        stats.t.ppf(share, degrees), rel=0.012
    )


def test_identical_runs_are_not_different():
    assert mean_p_value([0.0] * 30) == 1.0
    rows = [0.2, 0.9, 0.5]
    assert statistic_p_value(rows, rows, lambda drawn: max(drawn)) == 1.0


def test_the_permutation_test_is_exact_where_few_questions_differ():
    assert mean_p_value([1.0] * 6 + [0.0] * 30) == 2 / 2**6
    assert mean_p_value([1.0, 1.0, -1.0]) == 1.0  # sums of 1 or more: all 8 patterns
    assert mean_p_value([3.0, 1.0, -1.0]) == 6 / 8


def test_the_permutation_test_finds_a_difference_and_rarely_sees_one_that_is_not_there():
    generator = np.random.default_rng(11)
    shifted = generator.normal(0.3, 0.5, 60)
    assert mean_p_value(shifted.tolist()) < 0.01
    false_alarms = sum(
        mean_p_value(generator.normal(0.0, 0.5, 40).tolist(), seed=trial) < 0.05
        for trial in range(200)
    )
    assert false_alarms / 200 <= 0.09


def test_the_permutation_test_of_any_figure_agrees_with_that_of_the_mean():
    generator = np.random.default_rng(2)
    one = generator.random(40)
    other = one + generator.normal(0.15, 0.3, 40)
    by_figure = statistic_p_value(one.tolist(), other.tolist(), lambda rows: float(np.mean(rows)))
    assert by_figure == pytest.approx(mean_p_value((other - one).tolist()), abs=0.05)


def test_holm():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([3 * 0.01, 2 * 0.03, 2 * 0.03])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_what_cannot_be_significant_is_not_paid_for():
    # 2 / 2^5 is above .05; 2 / 2^6 is below .05 and above .05 / 2; 2 / 2^8 is below .05 / 3
    assert least_p_value(5) == 2 / 2**5
    assert least_p_value(0) == 1.0
    assert paid_for([5, 0, 20], alpha=0.05) == 1
    assert paid_for([6], alpha=0.05) == 1
    assert paid_for([6, 20, 30], alpha=0.05) == 2
    assert paid_for([8, 20, 30], alpha=0.05) == 3
    assert paid_for([], alpha=0.05) == 1
