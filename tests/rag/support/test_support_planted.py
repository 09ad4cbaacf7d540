"""Errors planted by rule change what they say they change; retelling keeps numbers and names."""

from __future__ import annotations

import random

import pytest

from lab.data.planted import PLANT_KINDS, plant, retell

SENTENCE = "RiverNet improves recall on FloodBench from 36.0 to 73.6 and outperforms HydroLSTM."
OTHERS = ("SwinFlow segments cells.", "A corpus of letters was read by CLIP-B32.")


def planted(kind, sentence=SENTENCE, seed=0, **given):
    return plant(sentence, kind=kind, rng=random.Random(seed), **{"others": OTHERS} | given)


@pytest.mark.parametrize("kind", PLANT_KINDS)
@pytest.mark.parametrize("seed", range(8))
def test_it_changes_the_sentence_and_is_seeded(kind, seed):
    changed = planted(kind, seed=seed, context="It runs on AquaGPU with TideNet2.")
    assert changed is not None and changed != SENTENCE
    assert changed == planted(kind, seed=seed, context="It runs on AquaGPU with TideNet2.")


def test_numbers():
    assert planted("number_swap") == SENTENCE.replace("36.0 to 73.6", "73.6 to 36.0")
    for seed in range(20):
        changed = planted("number", seed=seed)
        assert ("36.0" in changed) != ("73.6" in changed)
    assert planted("number", "No number stands here.") is None


def test_a_swapped_list_is_still_true_and_not_planted():
    assert planted("entity_swap", "It was run on FloodBench, AquaBench and RainBench.") is None
    assert planted("number_swap", "It has 3 and 5 layers.") is None


def test_a_foreign_name_is_no_form_of_one_that_is_there():
    same = ("RiverNets differ.", "See RiverNet-2.")
    assert planted("entity", "It is called RiverNet.", others=same) is None
    changed = planted("entity")
    assert any(name in changed for name in ("SwinFlow", "CLIP-B32"))


@pytest.mark.parametrize(
    ("sentence", "changed"),
    [
        ("It does not need labels.", "It need labels."),
        ("It can run without labels.", "It can run with labels."),
        ("It is fast.", "It is not fast."),
        ("It improves recall.", "It does not improve recall."),
        ("It is not only fast.", None),
    ],
)
def test_denial(sentence, changed):
    assert planted("negation", sentence) == changed


def test_direction():
    assert planted("direction", "It needs more memory.") == "It needs less memory."
    assert planted("direction", "Two of them run once more.") is None


def test_other():
    assert planted("other") in OTHERS
    assert planted("other", others=()) is None


@pytest.mark.parametrize("seed", range(6))
def test_retelling_keeps_what_matters(seed):
    told = retell(
        "Moreover, we show that RiverNet (ours) lowers it to 21.5.", rng=random.Random(seed)
    )
    assert told.startswith("The authors show that RiverNet")
    assert told.endswith("lowers it to 21.5.")
