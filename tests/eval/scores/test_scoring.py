"""Scoring records: what is measured, and what is left out and counted instead of scored 0."""

import pytest

from eval.metrics.ndcg import ndcg
from eval.runs.records import FoundPaper, Record
from eval.scores.scoring import score_record, score_run
from eval.scores.summary import summarise, summary_to_json
from eval.sets.questions import question_from_json, question_to_json

EIGHT = "We route to 8 experts."


def row_of(make, question, tree, hits=()):
    record = Record(question=question, answer=tree, hits=hits, seconds=2.0, peak_mb=300.0)
    return score_record(record, question, make.judged, abstracts=make.abstracts)


def test_a_right_fact(make):
    row = row_of(make, make.question(), make.answer(("We route to 8 experts.", "moe", EIGHT)))
    assert row["score"] == row["gold_recall"] == row["equivalence"] == row["k_precision"] == 1.0
    assert row["within_lengths"] == row["conciseness"] == 1.0
    assert row["words"] == 5.0
    assert (row["cited_precision"], row["cited_recall"], row["cited_f1"]) == (1.0, 1.0, 1.0)
    assert row["citation_recall"] == row["citation_precision"] == 1.0
    assert row["claims_cited"] == row["markers_valid"] == row["quotes_exact"] == 1.0
    assert row["written_share"] == 0.0  # the sentence is the quote
    assert (row["over_refusal"], row["right_as_answer"]) == (0.0, 1.0)
    assert (row["seconds_first"], row["seconds_total"], row["tokens"]) == (0.2, 1.0, 110.0)


def test_what_is_not_defined_is_none_and_not_zero(make):
    row = row_of(make, make.question(), make.silent())
    assert row["score"] == row["gold_recall"] == 0.0
    assert row["over_refusal"] == 1.0
    undefined = ("citation_recall", "claims_cited", "markers_valid", "quotes_exact")
    undefined += ("k_precision", "words", "within_lengths", "cited_precision")
    assert all(row[name] is None for name in undefined)
    unanswerable = make.question("unanswerable", papers=[], answers=[])
    row = row_of(make, unanswerable, make.silent())
    assert row["score"] == 1.0
    assert row["gold_recall"] is row["cited_f1"] is row["over_refusal"] is None
    assert row["right_as_answer"] == 0.0


def test_a_quote_that_is_not_the_stored_abstract_is_found(make):
    tree = make.answer(("We route to 8 experts.", "moe", EIGHT))
    tree["claims"][0]["citations"][0]["start"] += 1
    tree["claims"][0]["citations"][0]["end"] += 1
    assert row_of(make, make.question(), tree)["quotes_exact"] == 0.0


def test_a_marker_without_a_source_is_found(make):
    tree = make.answer(("We route to 8 experts.", "moe", EIGHT))
    tree["text"] += " [7]"
    assert row_of(make, make.question(), tree)["markers_valid"] == 1 / 2


def test_retrieval_leaves_also_ok_out_of_the_ranking(make):
    question = make.question("list", papers=["moe", "absent"], also_ok=["Labels and Noise"])
    hits = (
        FoundPaper("noise", "Labels and Noise", 0.9),
        FoundPaper("empty", "Nothing of Interest", 0.8),
        FoundPaper("moe", "A Mixture of Experts", 0.7),
    )
    row = row_of(make, question, make.silent(), hits)
    assert row["ndcg@10"] == ndcg(["x", "moe"], {"moe": 1, "absent": 1}, cutoff=10)
    assert (row["recall@10"], row["mrr"], row["r_precision"]) == (1 / 2, 1 / 2, 1 / 2)
    assert "ndcg@10" not in row_of(make, question, make.silent())


def test_a_failed_question_is_counted_and_in_no_mean(make):
    scored = make.many([True, False, None])
    summary = summarise(scored)
    assert summary.failed == {"q2": "it broke"}
    assert summary.value("score").value == 1 / 2
    assert summary.value("score").count == 2
    assert summary.value("failed").value == 1 / 3
    assert summary.value("failed").count == 3


def test_questions_without_the_figure_are_left_out_and_counted(make):
    summary = summarise(make.many([True, "silent", "silent"]))
    assert summary.value("citation_recall").value == 1.0
    assert summary.value("citation_recall").count == 1
    assert summary.value("citation_recall").left_out == 2
    assert summary.value("over_refusal").value == 2 / 3


def test_a_summary_has_each_type_and_an_interval_around_its_value(make):
    rights = [True] * 12 + [False] * 6
    summary = summarise(make.many(rights))
    value = summary.value("score", "fact")
    assert value == summary.value("score")
    assert value.interval.low < 12 / 18 < value.interval.high
    assert summary.value("score", "list") is None
    assert summary_to_json(summary)["figures"]["score"]["fact"]["value"] == 12 / 18


def test_set_figures(make):
    confidences = [0.9, 0.8, 0.7, 0.1]
    summary = summarise(make.many([True, True, False, "silent"], confidences=confidences))
    assert summary.value("aurc").value == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)
    error = (abs(1 - 0.9) + abs(1 - 0.8) + abs(0 - 0.7) + abs(0 - 0.1)) / 4
    assert summary.value("calibration_error").value == pytest.approx(error)
    assert summary.value("abstention_precision").value == 0 / 1
    assert summary.value("abstention_recall") is None


def test_scoring_again_with_a_corrected_gold(make):
    question = make.question(answers=[["9 experts"]])
    run = make.run_of((question, make.answer(("We route to 8 experts.", "moe", EIGHT))))
    assert score_run(run, make.judged)[0].row["score"] == 0.0
    mended = question_from_json(question_to_json(question) | {"answers": [["8 experts"]]})
    assert score_run(run, make.judged, gold={"q": mended})[0].row["score"] == 1.0
