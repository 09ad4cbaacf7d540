"""The check of written sentences: what must pass, what must not, and that it is total and pure."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.support.check import LONGEST_CLAIM, check, support_weights

TITLE = "RiverNet: Forecasting Floods with Graphs"
EVIDENCE = (
    "RiverNet lowers the mean error on 412 gauges from 36.0 to 21.5 and outperforms HydroLSTM.",
    "It is trained without any labels from experts and needs 3 hours on one GPU.",
)
ABSTRACT = (
    "Floods are hard to forecast where gauges are few. We propose RiverNet, a graph neural "
    "network (GNN) that passes messages along rivers. " + " ".join(EVIDENCE) + " On the Alpine "
    "subset, large language models (LLMs) add nothing to it. AquaBench is released."
)


def verdict(sentence, evidence=EVIDENCE, **given):
    return check(sentence, evidence, title=TITLE, context=ABSTRACT, **given)


@pytest.mark.parametrize(
    "sentence",
    [
        "RiverNet lowers the mean error on 412 gauges from 36.0 to 21.5.",
        "RiverNet outperforms HydroLSTM.",
        "On 412 gauges, RiverNet reduces the mean error from 36 to 21.5.",
        "RiverNet is trained without labels from experts.",
        "The authors' RiverNet needs three hours on one GPU.",
        "It needs no labels from experts and 3 hours on one GPU.",
    ],
)
def test_what_the_evidence_says_passes(sentence):
    assert verdict(sentence).supported, verdict(sentence).reasons


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("RiverNet lowers the mean error on 512 gauges from 36.0 to 21.5.", "512"),
        ("RiverNet lowers the mean error on 412 gauges from 36.0 to 12.5.", "12.5"),
        ("RiverNet lowers the mean error on 412 gauges from 21.5 to 36.0.", "from"),
        ("RiverNet outperforms SwinFlow.", "SwinFlow"),
        ("HydroLSTM outperforms RiverNet.", ""),
        ("RiverNet raises the mean error on 412 gauges from 36.0 to 21.5.", "opposite"),
        ("RiverNet does not outperform HydroLSTM.", "denie"),
        ("It is trained with labels from experts and needs 3 hours on one GPU.", ""),
        ("The corpus holds transcripts of interviews with farmers in Kenya.", ""),
        ("RiverNet is trained on satellite images bought from a private vendor.", "satellite"),
    ],
)
def test_what_the_evidence_does_not_say_is_refused(sentence, word):
    found = verdict(sentence)
    assert not found.supported
    assert word in " ".join(found.reasons)


def test_a_veto_is_no_matter_of_degree():
    good = "RiverNet lowers the mean error on 412 gauges from 36.0 to 21.5"
    assert verdict(good + ".").score > support_weights().threshold
    assert verdict(good + " and outperforms SwinFlow.").score == 0.0


def test_the_acronym_and_its_words_stand_for_one_another():
    evidence = ("LLMs add nothing to the GNN.",)
    spelled = "Large language models add nothing to the graph neural network."
    assert verdict(spelled, evidence).supported
    assert verdict("LLMs add nothing.", ("Large language models add nothing.",)).supported


def test_the_papers_own_name_needs_its_title_or_abstract():
    evidence = ("Our method outperforms HydroLSTM on 412 gauges.",)
    sentence = "RiverNet outperforms HydroLSTM on 412 gauges."
    assert verdict(sentence, evidence).supported
    alone = check(sentence, evidence)
    assert not alone.supported and "RiverNet" in alone.reasons[0]


def test_the_abstract_names_but_does_not_carry():
    found = verdict("AquaBench is released.")
    assert not found.supported


def test_words_of_the_question_carry_nothing():
    sentence = "RiverNet was bought by a private vendor."
    asked = verdict(sentence, question="Which private vendor bought RiverNet?")
    assert asked == verdict(sentence)
    assert not asked.supported


def test_a_learned_score_moves_the_verdict_but_lifts_no_veto():
    doubtful = "RiverNet is trained on satellite images of floods."
    assert not verdict(doubtful).supported
    assert verdict(doubtful, learned=lambda evidence, sentence: 0.999).supported
    good = "RiverNet outperforms HydroLSTM."
    assert not verdict(good, learned=lambda evidence, sentence: 0.0).supported
    wrong = "RiverNet outperforms SwinFlow."
    assert not verdict(wrong, learned=lambda evidence, sentence: 1.0).supported


def test_a_learned_score_is_asked_for_evidence_then_sentence():
    seen = []

    def learned(evidence, sentence):
        seen.append((evidence, sentence))
        return 0.5

    verdict("RiverNet outperforms HydroLSTM.", learned=learned)
    assert seen == [(" ".join(EVIDENCE), "RiverNet outperforms HydroLSTM.")]


@pytest.mark.parametrize("sentence", ["", "   ", "?!", "It is so.", "\x00", "[1]"])
def test_what_says_nothing_is_refused(sentence):
    assert not verdict(sentence).supported


def test_without_evidence_nothing_is_supported():
    assert not check("RiverNet outperforms HydroLSTM.", []).supported
    assert not check("RiverNet outperforms HydroLSTM.", ["", "  "]).supported


def test_a_long_claim_is_refused_unread():
    before = time.process_time()
    assert not verdict("flood " * (LONGEST_CLAIM // 6 + 1)).supported
    assert time.process_time() - before < 0.1


def test_long_evidence_is_read_in_bounded_time():
    evidence = ("rivers rise and gauges fall " * 5000,)
    before = time.process_time()
    check("Rivers rise while 7 gauges fall.", evidence)
    assert time.process_time() - before < 20


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=4))
def test_it_is_total_and_pure(sentence, evidence):
    first = check(sentence, evidence, title="T: a title")
    assert 0.0 <= first.score <= 1.0
    assert first.supported == (first.reasons == ())
    assert check(sentence, evidence, title="T: a title") == first
