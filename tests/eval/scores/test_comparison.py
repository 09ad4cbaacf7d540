"""Comparing runs: a change is reported, a regression fails, luck does neither."""

import random

import pytest

from eval.scores.comparison import compare
from eval.scores.consistency import fail_safe_figures
from eval.scores.scoring import score_run
from rag.errors import UsageError


def change(comparison, name):
    return next(change for change in comparison.changes if change.figure.name == name)


def test_identical_runs_do_not_differ(make):
    rights = [True, False] * 15
    found = compare(make.many(rights), make.many(rights))
    assert not found.regressed
    assert {change.difference for change in found.changes} == {0.0}
    assert {change.verdict for change in found.changes} <= {"same", ""}
    assert found.consistency.same_outcome == found.consistency.text_overlap == 1.0


def test_a_clear_loss_is_a_regression_and_its_reverse_is_not(make):
    good, bad = make.many([True] * 28 + [False] * 2), make.many([True] * 14 + [False] * 16)
    found = compare(good, bad)
    score = change(found, "score")
    assert (score.before, score.after) == (28 / 30, 14 / 30)
    assert score.difference == pytest.approx(-14 / 30)
    assert score.interval.low < -14 / 30 < score.interval.high < 0
    assert (score.verdict, score.regression, found.regressed) == ("worse", True, True)
    back = compare(bad, good)
    assert change(back, "score").verdict == "better"
    assert not back.regressed


def test_two_questions_are_luck(make):
    found = compare(make.many([True] * 30), make.many([True] * 28 + [False] * 2))
    assert change(found, "score").verdict == "same"
    assert not found.regressed


def test_any_loss_of_what_the_contract_fixes_is_a_regression(make):
    question = make.question()
    whole = make.answer(("We route.", "moe", "We route to 8 experts."))
    broken = make.answer(("We route.", "moe", "We route to 8 experts."))
    broken["text"] += " [9]"
    pairs = [(make.question(id=f"q{place}"), whole) for place in range(9)]
    before = make.run_of(*pairs, (question, whole))
    after = make.run_of(*pairs, (question, broken))
    found = compare(*(score_run(run, make.judged) for run in (before, after)))
    assert change(found, "markers_valid").regression
    assert found.regressed


def test_failing_cannot_hide_a_loss(make):
    found = compare(make.many([True] * 20), make.many([True] * 12 + [None] * 8))
    assert change(found, "score").count == 12
    assert change(found, "score").difference == 0.0
    assert change(found, "failed").after == 8 / 20
    assert found.regressed


def test_slower_is_reported_and_gated_only_on_request(make):
    before = make.many([True] * 20, seconds=[1.0 + place / 100 for place in range(20)])
    after = make.many([True] * 20, seconds=[4.0 + place / 100 for place in range(20)])
    found = compare(before, after)
    assert change(found, "seconds_total").verdict == "worse"
    assert not found.regressed
    assert compare(before, after, gated=["seconds_total"]).regressed


def test_floors(make):
    runs = make.many([True] * 20), make.many([True] * 18 + [False, "silent"])
    assert not compare(*runs, floors={"score": 0.9, "over_refusal": 0.05}).regressed
    found = compare(*runs, floors={"score": 0.95, "over_refusal": 0.01, "abstention_recall": 0.5})
    assert found.regressed
    assert found.below_floor == (
        "score is 0.900, under 0.95",
        "over_refusal is 0.050, over 0.01",
        "abstention_recall was not measured, and is to be 0.5",
    )


def test_questions_of_one_run_only_are_counted(make):
    found = compare(make.many([True] * 5), make.many([True] * 8))
    assert (found.count, found.only_before, found.only_after) == (5, 0, 3)
    with pytest.raises(UsageError, match="no question in common"):
        compare(make.many([]), make.many([True]))
    with pytest.raises(UsageError, match="no figure 'speed'"):
        compare(make.many([True]), make.many([True]), gated=["speed"])


@pytest.mark.slow
def test_false_alarms_are_rare_over_all_gated_figures(make):
    alarms = 0
    for seed in range(25):
        generator = random.Random(seed)
        rights = [[generator.random() < 0.7 for _ in range(30)] for _ in range(2)]
        alarms += compare(make.many(rights[0]), make.many(rights[1])).regressed
    assert alarms <= 4  # 5 % of 25; 5 or more have a chance below 1 %


def test_fail_safe_figures(make):
    plain = make.many([True, True, False])
    found = fail_safe_figures(
        plain,
        {
            "misspelled": make.many([True, False, True]),
            "missing": make.many(["silent", "silent", True]),
        },
    )
    assert found.robustness == (1 + 0 + 0) / 3
    assert found.grounding == 2 / 3
    assert found.count == 3
    assert fail_safe_figures(plain, {}).together is None
