"""Where a list ends, and what the gates of silence look at."""

import itertools

import numpy as np
import pytest

from rag.gate_features import NAMES, gate_features
from rag.selection import best_length, listed_features


def test_a_list_ends_where_its_expected_f1_is_highest():
    chances = np.array([0.9, 0.8, 0.3, 0.1])
    total = 0.9 + 0.8 + 0.3 + 0.1
    expected = [
        2 * 0.9 / (1 + total),
        2 * (0.9 + 0.8) / (2 + total),
        2 * (0.9 + 0.8 + 0.3) / (3 + total),
        2 * total / (4 + total),
    ]
    assert best_length(chances) == 1 + int(np.argmax(expected)) == 2


def test_one_paper_is_the_shortest_list():
    assert best_length(np.array([0.01])) == 1
    assert best_length(np.array([0.9, 0.001, 0.001])) == 1


def test_sure_papers_are_all_listed_and_no_order_of_the_rest_matters():
    assert best_length(np.array([1.0] * 7 + [0.0] * 30)) == 7
    for tail in itertools.permutations([0.03, 0.02, 0.01]):
        assert best_length(np.array([1.0, 1.0, *tail])) == 2


def test_the_features_of_a_listed_paper_are_its_score_and_the_logarithm_of_its_rank():
    rows = listed_features([3.0, 1.0, -2.0])
    assert rows[:, 0].tolist() == [3.0, 1.0, -2.0]
    assert rows[:, 1].tolist() == pytest.approx([0.0, np.log(2), np.log(3)])


def features(question, sentences, title="Owls"):
    rows = gate_features(
        question,
        title=title,
        sentences=sentences,
        scores=[1.0] * len(sentences),
        paper_scores=[2.0, 1.0],
        cosines=(0.5, 0.5),
        worth=lambda stem: 5.0 if stem == "\0" else 1.0 if stem == "owl" else 4.0,
    )
    return dict(zip(NAMES, rows.tolist(), strict=True))


def test_a_gate_sees_what_the_question_asks_that_the_paper_does_not_hold():
    held = features("how many owls did Marta count in Swahili villages?", ["Owls hunt mice."])
    assert held["capitalised_missing"] == 1.0
    assert held["rarest_missing"] == 4.0 / 5.0
    assert held["coverage"] < 0.3
    told = features("which owls hunt mice?", ["Owls hunt mice at night."])
    assert told["coverage"] == 1.0
    assert told["rarest_missing"] == 0.0


@pytest.mark.parametrize(
    ("question", "sentence", "name", "missing"),
    [
        ("how much does an owl cost?", "Owls hunt mice.", "money_missing", 1.0),
        ("how much does an owl cost?", "An owl is sold for $5.", "money_missing", 0.0),
        ("how long does it take?", "Owls hunt mice.", "time_missing", 1.0),
        ("how long does it take?", "It takes 3 hours.", "time_missing", 0.0),
    ],
)
def test_a_price_needs_money_and_a_duration_needs_time(question, sentence, name, missing):
    assert features(question, [sentence])[name] == missing


@pytest.mark.parametrize(
    ("question", "capitalised", "unheard"),
    [
        ("what WER does it reach on LibriSpeech?", True, ("WER",)),
        ("what is spoken in Iceland and in Sweden?", True, ("Iceland",)),
        ("papers on speech in Iceland", False, ()),  # a list may mean one of its languages
        ("which CV methods does LibriSpeech need?", True, ()),  # two letters tell too little
        ("what is measured on LibriSpeech-960?", True, ()),  # known in part
    ],
)
def test_names_that_no_paper_writes_are_noticed(question, capitalised, unheard):
    from rag.silence import unheard_names
    from rag.terms import stems

    known = {*stems("LibriSpeech Sweden speech spoken reach measured need methods")}
    assert unheard_names(question, lambda s: 1.0 * (s not in known), capitalised=capitalised) == (
        unheard
    )
