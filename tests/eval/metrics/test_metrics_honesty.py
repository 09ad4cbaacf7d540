"""Metrics of honesty and calibration: expected values written as arithmetic."""

import random

import pytest

from eval.metrics.abstention import abstention
from eval.metrics.calibration import calibration_error, reliability
from eval.metrics.over_refusal import over_refusal
from eval.metrics.prudence import honesty, prudence
from eval.metrics.risk_coverage import aurc, risk_coverage

ABSTAINED = (True, True, False, False, False, True)
UNANSWERABLE = (True, False, True, False, False, True)
RIGHT = (False, False, False, True, False, False)
KNOWN = tuple(not flag for flag in UNANSWERABLE)


def test_abstention():
    found = abstention(ABSTAINED, UNANSWERABLE)
    assert found.precision == 2 / 3
    assert found.recall == 2 / 3
    assert found.f1 == pytest.approx(2 * (2 / 3) * (2 / 3) / (2 / 3 + 2 / 3))


def test_abstention_is_undefined_where_there_is_nothing_to_divide_by():
    never = abstention((False, False), (True, False))
    assert (never.precision, never.recall, never.f1) == (None, 0 / 1, 0.0)
    everything_known = abstention((True, False), (False, False))
    assert (everything_known.precision, everything_known.recall) == (0 / 1, None)
    assert abstention((), ()).f1 is None


def test_over_refusal_prudence_and_honesty():
    assert over_refusal(ABSTAINED, KNOWN) == 1 / 3
    assert prudence(ABSTAINED, RIGHT, KNOWN) == 2 / (2 + 1)
    assert honesty(2 / 3, 1 / 3) == (2 / 3 + (1 - 1 / 3)) / 2
    assert over_refusal((True,), (False,)) is None
    assert prudence((True,), (False,), (True,)) is None
    assert honesty(None, 0.0) is None


def test_an_unknown_question_answered_rightly_counts_on_neither_side_of_prudence():
    assert prudence((False, True), (True, False), (False, False)) == 1 / 1


def test_risk_coverage_and_its_area():
    points = risk_coverage((0.9, 0.8, 0.1), (1.0, 0.0, 1.0))
    assert points == [(1 / 3, 0.0), (2 / 3, 1 / 2), (3 / 3, 1 / 3)]
    assert aurc((0.9, 0.8, 0.1), (1.0, 0.0, 1.0)) == pytest.approx((0 + 1 / 2 + 1 / 3) / 3)
    assert aurc((), ()) is None


def test_aurc_of_ties_is_the_mean_over_all_their_orders():
    confidences, right = [0.5] * 4 + [0.9], [1.0, 0.0, 0.0, 1.0, 1.0]
    generator = random.Random(0)
    areas = []
    for _ in range(4000):
        shuffled = right[:4]
        generator.shuffle(shuffled)
        losses, area = 0.0, 0.0
        for count, value in enumerate([right[4], *shuffled], start=1):
            losses += 1 - value
            area += losses / count
        areas.append(area / 5)
    assert aurc(confidences, right) == pytest.approx(sum(areas) / len(areas), abs=0.01)
    assert aurc(confidences[::-1], right[::-1]) == pytest.approx(aurc(confidences, right))


def test_calibration_error():
    confidences = (0.95, 1.0, 0.05, 0.42)
    right = (1.0, 0.0, 0.0, 1.0)
    expected = 2 / 4 * abs(1 / 2 - 1.95 / 2) + 1 / 4 * abs(0 - 0.05) + 1 / 4 * abs(1 - 0.42)
    assert calibration_error(confidences, right) == pytest.approx(expected)
    assert [(b.low, b.count) for b in reliability(confidences, right)] == [
        (0.0, 1),
        (0.4, 1),
        (0.9, 2),
    ]
    assert calibration_error((), ()) is None


def test_a_calibrated_forecaster_has_almost_no_error():
    generator = random.Random(1)
    confidences = [generator.random() for _ in range(20_000)]
    right = [float(generator.random() < confidence) for confidence in confidences]
    assert calibration_error(confidences, right) < 0.02
    assert calibration_error([1 - c for c in confidences], right) > 0.4
