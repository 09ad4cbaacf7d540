"""The cross-encoder in the box, and what may be loaded in its place."""

import json
import shutil

import numpy as np
import pytest
import torch

from rag.errors import ModelError
from rag.models import adapters
from rag.models import bundled as models
from rag.models.reader import IN_THE_BOX, Reader, titled

pytestmark = pytest.mark.slow

TITLE = "OwlBench: A Benchmark of Night Hunting"
ANSWERING = "OwlBench holds 4,200 recordings of barn owls that hunt in snow."
OTHERS = (
    "Owls have been admired by poets of many centuries.",
    "We discuss limits of our work and where it may lead.",
    "Snow dampens sound, which makes hunting by ear harder.",
)
CLAIM = "OwlBench offers 4,200 recordings of hunting barn owls."


@pytest.fixture(scope="module")
def reader():
    return Reader()


def test_a_true_claim_is_above_the_same_with_one_thing_false(reader):
    evidence = titled(TITLE, ANSWERING)
    true, false = reader.logits(
        "supports",
        [
            (CLAIM, evidence),
            ("OwlBench offers 4,200 recordings of resting tawny owls.", evidence),
        ],
    )
    assert true > false


def test_the_order_of_the_pairs_changes_nothing(reader):
    pairs = [(CLAIM, titled(TITLE, text) * times) for text in OTHERS for times in (1, 2, 5)]
    order = np.random.default_rng(1).permutation(len(pairs))
    there = reader.logits("supports", pairs)
    back = reader.logits("supports", [pairs[i] for i in order])
    assert np.array_equal(there[order], back)


def test_nothing_to_read_and_too_much_to_read(reader):
    assert len(reader.logits("supports", [])) == 0
    assert np.isfinite(
        reader.logits("supports", [("", ""), ("owl " * 5000, "mouse " * 5000)])
    ).all()


def test_an_altered_adapter_is_refused(tmp_path):
    shutil.copytree(IN_THE_BOX, tmp_path / "a")
    weights = tmp_path / "a" / adapters.WEIGHTS
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    with pytest.raises(ModelError, match="its card says"):
        Reader(tmp_path / "a").logits("supports", [("a", "b")])


def test_an_adapter_of_another_model_is_refused(tmp_path):
    shutil.copytree(IN_THE_BOX, tmp_path / "a")
    card = tmp_path / "a" / adapters.CARD
    tree = json.loads(card.read_text())
    tree["base"]["sha256"] = "0" * 64
    card.write_text(json.dumps(tree))
    with pytest.raises(ModelError, match="another model"):
        Reader(tmp_path / "a").logits("supports", [("a", "b")])


@pytest.mark.parametrize("card", [None, "[]", "{", '{"sha256": "x"}'])
def test_no_adapter_at_all_names_the_way_on(tmp_path, card):
    if card is not None:
        (tmp_path / adapters.CARD).write_text(card)
    with pytest.raises(ModelError, match="--set reader=off"):
        Reader(tmp_path).logits("supports", [("a", "b")])


def test_applying_adds_products_to_matrices_and_vectors_to_vectors():
    weights = {"m": torch.ones(2, 3, dtype=torch.bfloat16), "v": torch.zeros(2), "w": torch.ones(1)}
    change = {
        "m.up": torch.tensor([[1.0], [2.0]]),
        "m.down": torch.tensor([[1.0, 0.0, 3.0]]),
        "v": torch.tensor([5.0, 6.0]),
    }
    adapters.apply(change, weights)
    assert weights["m"].tolist() == [[2, 1, 4], [3, 1, 7]]
    assert weights["m"].dtype == torch.bfloat16
    assert weights["v"].tolist() == [5, 6]
    assert weights["w"].tolist() == [1]


def test_the_card_names_the_models_in_the_box():
    card = json.loads((IN_THE_BOX / adapters.CARD).read_text())
    assert card["base"]["sha256"] == models.ENCODER.sha256
    assert card["sha256"] == models.file_sha256(IN_THE_BOX / adapters.WEIGHTS)
