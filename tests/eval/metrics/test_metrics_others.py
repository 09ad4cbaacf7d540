"""Consistency, robustness, agreement and cost: expected values written as arithmetic."""

import numpy as np
import pytest

from eval.metrics.agreement import accuracy, auroc, kappa, macro_f1
from eval.metrics.consistency import paper_overlap, text_overlap
from eval.metrics.cost import quantile
from eval.metrics.robustness import fail_safe, grounding, robustness


def test_overlaps():
    assert paper_overlap({"a", "b"}, {"b", "c"}) == 1 / 3
    assert paper_overlap((), ()) == 1.0
    assert text_overlap("It gains ten points [1].", "it gains two points") == 2 * 3 / (4 + 4)
    assert text_overlap("", "[1]") == 1.0
    assert text_overlap("one", "") == 0.0


def test_robustness_takes_the_worst_of_each_question():
    scores = {"": (1.0, 1.0, 0.5), "misspelled": (1.0, 0.0, 1.0), "incomplete": (0.5, 1.0, 1.0)}
    assert robustness(scores) == (0.5 + 0.0 + 0.5) / 3
    assert robustness({}) is None
    assert grounding((True, False)) == 1 / 2
    assert grounding(()) is None


def test_fail_safe_leans_towards_grounding():
    expected = (1 + 0.25) * 0.4 * 0.8 / (0.25 * 0.4 + 0.8)
    assert fail_safe(0.8, 0.4) == pytest.approx(expected)
    assert fail_safe(0.8, 0.4) < fail_safe(0.4, 0.8)
    assert fail_safe(0.7, 0.7) == pytest.approx(0.7)
    assert fail_safe(0.0, 0.0) == 0.0
    assert fail_safe(None, 1.0) is None


def test_agreement():
    gold, given = list("aabbc"), list("abbbc")
    assert accuracy(gold, given) == 4 / 5
    assert macro_f1(gold, given) == pytest.approx((2 * 1 / 3 + 2 * 2 / 5 + 2 * 1 / 2) / 3)
    chance = (2 * 1 + 2 * 3 + 1 * 1) / 25
    assert kappa(gold, given) == pytest.approx((4 / 5 - chance) / (1 - chance))
    assert kappa(["a"], ["a"]) is None
    assert accuracy([], []) is None


def test_quantiles_are_numpys():
    values = [3.0, 1.0, 2.0, 10.0]
    for share in (0.0, 0.5, 0.9, 1.0):
        assert quantile(values, share) == pytest.approx(np.quantile(values, share))
    assert quantile([], 0.5) is None


def test_auroc_counts_pairs_and_halves_ties():
    gold, scores = [True, True, False, False], [0.9, 0.5, 0.5, 0.1]
    assert auroc(gold, scores) == (1 + 1 + 0.5 + 1) / 4
    assert auroc([True], [0.5]) is None
