"""The rule of what counts as right, by type of question."""

import pytest

from eval.runs.answers import read_answer
from eval.scores.correctness import (
    cited_papers,
    premise_denied,
    quoted_sentences,
    score,
    score_at_any_length,
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
    assert score_at_any_length(make.question(), read_answer(long)) == 1.0
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


def test_unanswerable_is_right_when_silent_or_when_the_premise_is_denied(make):
    question = make.question("unanswerable", papers=[], answers=[])
    denied = make.question(
        "unanswerable", papers=["Labels and Noise"], answers=[], quotes=["noise  costs 93 percent"]
    )
    shown = make.answer(("Noise costs.", "noise", NOISE), ("Help.", "noise", "Anchors help."))
    said = shown | {"text": f"The paper says otherwise: {shown['text']}"}
    later = make.answer(("Help.", "noise", "Anchors help."), ("Noise costs.", "noise", NOISE))
    later |= {"text": f"The paper says otherwise: {later['text']}"}
    for asked, tree, right in (
        (question, make.silent(), 1.0),
        (question, said, 0.0),
        (denied, make.silent(), 1.0),
        (denied, said, 1.0),
        (denied, shown, 0.0),  # among what is told, as if the premise held
        (denied, later, 0.0),
        (denied, make.answer(text="No."), 0.0),
    ):
        assert score(asked, read_answer(tree)) == right
    assert not premise_denied(denied, read_answer(make.silent()))


def test_an_overview_is_the_mean_of_the_points_shown_and_the_papers_cited(make):
    question = make.question(
        "overview",
        papers=["A Mixture of Experts", "Labels and Noise"],
        answers=[["8 experts"], ["3 points"], ["93 percent"], ["anchors"]],
        also_ok=["empty"],
    )
    one = make.answer(("It has 8 experts.", "moe", EIGHT))
    assert score(question, read_answer(one)) == (1 / 4 + 1 / 2) / 2
    spare = make.answer(
        ("8 experts.", "moe", EIGHT),
        ("Noise costs.", "noise", NOISE),
        ("Nothing.", "empty", "There is nothing here."),
    )
    assert score(question, read_answer(spare)) == (2 / 4 + 2 / 2) / 2
    assert score(question, read_answer(make.silent())) == 0.0


def test_a_followup_without_gold_answers_is_a_list(make):
    said = [{"role": "user", "content": "Which papers?"}]
    papers = ["A Mixture of Experts", "absent"]
    question = make.question("followup", history=said, answers=[], papers=papers)
    assert score(question, read_answer(make.answer(("8.", "moe", EIGHT)))) == 2 * 1 / (1 + 2)


def test_metadata_is_right_when_shown_and_cited(make):
    question = make.question("metadata", answers=[["2 May 2024", "2024-05-02"]])
    dated = make.answer(("It is of 2024-05-02.", "moe", EIGHT))
    assert score(question, read_answer(dated)) == 1.0
    assert score(question, read_answer(make.answer(("8.", "moe", EIGHT)))) == 0.0


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("4 papers: {claim} [1]", 1.0),
        ("Four papers are on it. {claim} [1]", 1.0),
        ("{claim} [1]\n\nScreened 253 of 253 papers, matched 4.", 1.0),
        ("14 papers, 4.5 a year, of 4,000: {claim} [4]", 0.0),
        ("{claim} [1]", 0.0),
    ],
)
def test_a_count_is_right_when_the_answer_itself_says_the_number(make, text, right):
    tree = make.answer(("It has 4 of 8 experts.", "moe", EIGHT))
    tree["text"] = text.format(claim="It has 4 of 8 experts.")
    question = make.question("count", answers=[["4", "four"]])
    assert score(question, read_answer(tree)) == right
    assert score(question, read_answer(tree | {"outcome": "abstained"})) == 0.0


def test_a_partial_answer_is_not_silence(make):
    partial = make.answer(("8 experts.", "moe", EIGHT), outcome="partial")
    assert score(make.question(), read_answer(partial)) == 1.0


@pytest.mark.parametrize("change", [{"claims": None}, {"sources": [{"label": 1}]}, {"trace": []}])
def test_what_is_not_an_answer_object_is_refused(make, change):
    with pytest.raises(InputError, match=r"not a quoth.answer/1 object"):
        read_answer(make.silent() | change)


def test_what_a_record_says_is_scored_and_is_no_sentence_to_be_judged(make):
    tree = make.answer(("It is dated 2024-05.", "moe", EIGHT))
    tree["kind"] = "metadata"
    tree["claims"][0]["verdict"] = "record"
    tree["claims"][0]["citations"] = [
        {"label": 1, "paper_id": "moe", "field": "date", "value": "2024-05"}
    ]
    shown = read_answer(tree)
    assert score(make.question("metadata", answers=[["2024-05", "May 2024"]]), shown) == 1.0
    assert score(make.question("metadata", answers=[["2023"]]), shown) == 0.0
    assert shown.quotes == () and shown.statements() == ()
