"""Cross-validated thresholds: fitted on other questions, applied to these."""

import random

import pytest

from eval.metrics.cost import quantile
from eval.scores.scoring import score_run
from eval.scores.summary import summarise
from eval.scores.thresholds import best_threshold, cross_validated


def row(confidence, score, *, unanswerable=False):
    return {"confidence": confidence, "score": score, "unanswerable": float(unanswerable)}


def test_the_best_threshold_silences_what_is_better_silenced():
    rows = [row(0.9, 1.0), row(0.6, 1.0), row(0.4, 0.0, unanswerable=True), row(0.2, 0.0)]
    assert best_threshold(rows) == pytest.approx((0.4 + 0.6) / 2)
    assert best_threshold([row(0.9, 1.0), row(0.1, 1.0)]) == 0.0


def mean_score(scored):
    return sum(one.row["score"] for one in scored) / len(scored)


def mixed(make, rights, confidences, unanswerable):
    pairs = []
    for place, (right, confidence, impossible) in enumerate(
        zip(rights, confidences, unanswerable, strict=True)
    ):
        quote = "We route to 8 experts." if right else "Accuracy rises by 3 points."
        tree = make.answer(("We said so.", "moe", quote), confidence=confidence)
        changes = {"papers": [], "answers": []} if impossible else {}
        type_ = "unanswerable" if impossible else "fact"
        pairs.append((make.question(type_, id=f"q{place}", **changes), tree))
    return score_run(make.run_of(*pairs), make.judged)


def test_a_confidence_that_knows_is_used(make):
    generator = random.Random(3)
    impossible = [place % 3 == 0 for place in range(60)]
    confidences = [
        generator.uniform(0.0, 0.45) if one else generator.uniform(0.55, 1.0) for one in impossible
    ]
    scored = mixed(make, [not one for one in impossible], confidences, impossible)
    assert summarise(scored).value("score").value == 40 / 60
    found = cross_validated(scored)
    assert len(found.thresholds) == 5
    after = summarise(found.scored)
    assert after.value("score").value > 0.95
    assert after.value("abstention_recall").value > 0.85
    assert summarise(found.scored_in_sample).value("score").value == 1.0


def test_a_confidence_that_knows_nothing_flatters_in_sample_only(make):
    gaps = []
    for seed in range(12):
        generator = random.Random(seed)
        impossible = [generator.random() < 0.5 for _ in range(40)]
        confidences = [generator.random() for _ in impossible]
        scored = mixed(make, [not one for one in impossible], confidences, impossible)
        found = cross_validated(scored, seed=seed)
        inside, outside = mean_score(found.scored_in_sample), mean_score(found.scored)
        assert inside >= mean_score(scored)
        gaps.append(inside - outside)
    assert quantile(gaps, 0.5) > 0.05


def test_silence_is_not_turned_into_speech(make):
    scored = make.many(["silent"] * 10, confidences=[0.05 * place for place in range(10)])
    found = cross_validated(scored)
    assert [one.row for one in found.scored] == [one.row for one in scored]


def test_too_few_questions_are_not_cross_validated(make):
    assert cross_validated(make.many([True] * 4)) is None
