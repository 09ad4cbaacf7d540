"""The rule of what counts as right, by type of question."""

import pytest

from eval.answers import read_answer
from eval.correctness import (
    cited_papers,
    premise_named,
    quoted_sentences,
    score,
    within_lengths,
)
from rag.errors import InputError

EIGHT = "We route to 8 experts."
RISES = "Accuracy rises by 3 points."
NOISE = "Noise costs 93 percent."


def test_a_fact_is_right_when_shown_and_cited(make):
    right = make.answer(("It has 8 Experts.", "moe", EIGHT))
    assert score(make.question(), read_answer(right)) == 1.0


def test_a_gold_answer_may_stand_in_a_quote(make):
    right = make.answer(("It routes tokens.", "moe", EIGHT))
    assert score(make.question(), read_answer(right)) == 1.0


def test_a_fact_is_wrong_without_the_answer_the_paper_or_courage(make):
    no_answer = make.answer(("Accuracy rises.", "moe", RISES))
    other_paper = make.answer(("It has 8 experts.", "noise", NOISE))
    assert score(make.question(), read_answer(no_answer)) == 0.0
    assert score(make.question(), read_answer(other_paper)) == 0.0
    assert score(make.question(), read_answer(make.silent())) == 0.0


def test_every_gold_answer_must_be_shown(make):
    question = make.question(answers=[["8 experts"], ["3 points"]])
    one = make.answer(("It has 8 experts.", "moe", EIGHT))
    both = make.answer(("It has 8 experts.", "moe", EIGHT), ("It gains 3 points.", "moe", RISES))
    assert score(question, read_answer(one)) == 0.0
    assert score(question, read_answer(both)) == 1.0


@pytest.mark.parametrize(("words", "right"), [(60, 1.0), (61, 0.0)])
def test_a_fact_of_more_than_60_words_is_wrong(make, words, right):
    long = make.answer((" ".join(["8 experts", *["so"] * (words - 2)]), "moe", EIGHT))
    assert score(make.question(), read_answer(long)) == right
    assert (
        score(
            make.question("followup", history=[{"role": "user", "content": "?"}]), read_answer(long)
        )
        == 1.0
    )


def test_a_fact_of_three_papers_or_four_quoted_sentences_is_too_long(make):
    three = make.answer(
        ("8 experts.", "moe", EIGHT, "noise", NOISE, "empty", "There is nothing here.")
    )
    assert within_lengths(make.question(), read_answer(three)) is False
    four = make.answer(("8 experts.", "moe", f"{EIGHT} {RISES}", "noise", f"{NOISE} Anchors help."))
    assert quoted_sentences(read_answer(four)) == 4
    assert within_lengths(make.question(), read_answer(four)) is False
    assert within_lengths(make.question("paper"), read_answer(four)) is True
    assert within_lengths(make.question("list"), read_answer(four)) is None


def test_the_same_quote_twice_is_one_sentence(make):
    twice = make.answer(("8 experts.", "moe", EIGHT), ("Eight of them.", "moe", EIGHT))
    assert quoted_sentences(read_answer(twice)) == 1


def test_compare_needs_all_gold_papers(make):
    question = make.question("compare", papers=["A Mixture of Experts", "Labels and Noise"])
    one = make.answer(("8 experts.", "moe", EIGHT))
    both = make.answer(("8 experts.", "moe", EIGHT), ("Noise costs.", "noise", NOISE))
    assert score(question, read_answer(one)) == 0.0
    assert score(question, read_answer(both)) == 1.0


def test_a_list_scores_the_f1_of_its_papers_with_also_ok_on_neither_side(make):
    question = make.question(
        "list", papers=["A Mixture of Experts", "Missing"], also_ok=["noise"], answers=[]
    )
    one_and_spare = make.answer(("a", "moe", EIGHT), ("b", "noise", NOISE))
    papers = cited_papers(question, read_answer(one_and_spare))
    assert (papers.precision, papers.recall) == (1 / 1, 1 / 2)
    assert score(question, read_answer(one_and_spare)) == 2 * 1 * (1 / 2) / (1 + 1 / 2)
    with_wrong = make.answer(("a", "moe", EIGHT), ("b", "empty", "There is nothing here."))
    assert score(question, read_answer(with_wrong)) == 2 * (1 / 2) * (1 / 2) / (1 / 2 + 1 / 2)
    only_spare = make.answer(("b", "noise", NOISE))
    assert cited_papers(question, read_answer(only_spare)).precision is None
    assert score(question, read_answer(only_spare)) == 0.0
    assert score(question, read_answer(make.silent())) == 0.0


def test_unanswerable_is_right_when_silent_or_when_the_premise_is_contradicted(make):
    question = make.question("unanswerable", papers=[], answers=[])
    flagged = "The premise does not hold: labels cost."
    assert score(question, read_answer(make.silent())) == 1.0
    answered = make.answer(("Noise costs.", "noise", NOISE))
    assert score(question, read_answer(answered)) == 0.0
    assert score(question, read_answer(answered | {"reason": flagged})) == 1.0
    unquoted = make.answer(text=flagged, reason=flagged)
    assert score(question, read_answer(unquoted)) == 0.0
    assert not premise_named(read_answer(make.silent() | {"reason": flagged}))


def test_a_partial_answer_is_not_silence(make):
    partial = make.answer(("8 experts.", "moe", EIGHT), outcome="partial")
    assert score(make.question(), read_answer(partial)) == 1.0


@pytest.mark.parametrize("change", [{"claims": None}, {"sources": [{"label": 1}]}, {"trace": []}])
def test_what_is_not_an_answer_object_is_refused(make, change):
    with pytest.raises(InputError, match=r"not a quoth.answer/1 object"):
        read_answer(make.silent() | change)
