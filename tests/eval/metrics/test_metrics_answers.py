"""Metrics of answers: expected values written as arithmetic."""

import pytest

from eval.metrics.conciseness import conciseness, verbosity_compensation
from eval.metrics.equivalence import equivalence, lexically_equivalent
from eval.metrics.gold_recall import gold_recall
from eval.metrics.k_precision import k_precision
from eval.metrics.words import content_words, word_count, words


def test_words_fold_forms_and_leave_markers_out():
    assert words("The ﬁne Models [1] gain 1,200 points [2, 3].") == [
        "the",
        "fine",
        "models",
        "gain",
        "1,200",
        "points",
    ]
    assert content_words("The models gain no points") == ["model", "gain", "no", "point"]
    assert word_count("Two words [1] - [2, 3].") == 2


def test_gold_recall_counts_gold_answers_not_alternatives():
    shown = ["They use FSQ for tokens [1].", "a chunk-aware decoder"]
    gold = [["finite scalar quantization", "fsq"], ["Chunk-Aware"], ["streaming"]]
    assert gold_recall(shown, gold) == 2 / 3
    assert gold_recall(shown, []) is None
    assert gold_recall([], gold) == 0 / 3


def test_gold_recall_does_not_join_two_texts():
    assert gold_recall(["half of it", "is 93"], [["it is 93"]]) == 0.0


def test_k_precision_is_over_occurrences_of_content_words():
    # content words: model, gain, accuracy, model, dreams; "dreams" is not in the evidence
    text = "The model gains accuracy, and the model dreams [1]."
    assert k_precision(text, ["models gaining", "in accuracy"]) == 4 / 5
    assert k_precision("It is [1].", ["anything"]) is None
    assert k_precision("entirely invented", []) == 0 / 2


@pytest.mark.parametrize(
    ("gold", "text"),
    [
        ("93 percent", "accuracy falls by 93%"),
        ("50%", "they kept half of the data"),
        ("7 experts", "routed over seven different experts"),
        ("1,200 examples", "it took 1200 examples"),
        ("32%", "32.0 percent of the wins"),
        ("noisy labels", "when the labels are noisy"),
        ("no reference model", "needs no reference model"),
    ],
)
def test_lexical_tier_accepts_the_same_said_otherwise(gold, text):
    assert lexically_equivalent(gold, text)


@pytest.mark.parametrize(
    ("gold", "text"),
    [
        ("93 percent", "accuracy falls by 39%"),
        ("robust to noise", "it is not robust to noise"),
        ("improves recall", "recall is what everybody hopes that training a model improves"),
        ("no reference model", "needs a reference model"),
        ("the", "the"),
    ],
)
def test_lexical_tier_rejects_what_says_something_else(gold, text):
    assert not lexically_equivalent(gold, text)


def test_learned_tier_is_asked_only_where_the_lexical_one_fails():
    asked = []

    def learned(question, gold, text):
        asked.append((question, gold, text))
        return 0.25

    gold = [["93 percent"], ["a speech codec"]]
    assert equivalence(["falls by 93%"], gold, question="q", learned=learned) == (1 + 0.25) / 2
    assert asked == [("q", "a speech codec", "falls by 93%")]
    assert equivalence(["falls by 93%"], gold) == 1 / 2
    assert equivalence(["anything"], []) is None


def test_conciseness():
    assert conciseness(60, limit=60) == 1.0
    assert conciseness(90, limit=60) == 60 / 90


def test_verbosity_compensation():
    found = verbosity_compensation([True, False, False, True], [0.0, 1.0, 0.5, 0.5])
    assert found.frequency == 2 / 4
    assert found.gap == pytest.approx((1.0 + 0.5) / 2 - (0.0 + 0.5) / 2)
    assert verbosity_compensation([False], [1.0]).gap is None
    assert verbosity_compensation([], []) is None
