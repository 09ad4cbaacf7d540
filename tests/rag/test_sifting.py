"""What is read to the end of many sentences, and what is only glanced at."""

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from rag import adapters, models, sifting
from rag.minilm import MiniLm
from rag.reader import GLANCE, IN_THE_BOX, Reader, titled

pytestmark = pytest.mark.slow

TITLE = "OwlBench: A Benchmark of Night Hunting"
QUESTION = "How many recordings does OwlBench hold?"
SENTENCES = (
    "Owls have been admired by poets of many centuries.",
    "We discuss limits of our work and where it may lead.",
    "OwlBench holds 4,200 recordings of barn owls that hunt in snow.",
    "Snow dampens sound, which makes hunting by ear harder, and so does rain.",
)
PAIRS = [(QUESTION, titled(TITLE, text)) for text in SENTENCES]
ALL = 10_000
NOTHING = np.zeros(len(PAIRS))
"""What the retriever said: no sentence better than another."""


@pytest.fixture(scope="module")
def reader():
    return Reader()


@pytest.fixture(scope="module")
def tokens(reader):
    """Of which the half is enough for about two of the sentences."""
    return next(n for n in range(ALL) if reader.within(PAIRS, tokens=n) == len(PAIRS))


def test_where_half_of_the_tokens_are_enough_for_all_everything_is_read_to_the_end(reader):
    whole = reader.logits("answers", PAIRS)
    assert np.allclose(reader.sifted(PAIRS, NOTHING, tokens=ALL), whole, atol=2e-2)


def test_the_best_are_read_to_the_end_and_no_other_is_above_all_of_them(reader, tokens):
    whole, sifted = reader.logits("answers", PAIRS), reader.sifted(PAIRS, NOTHING, tokens=tokens)
    read = np.isclose(sifted, whole, atol=2e-2)
    assert 1 <= read.sum() < len(PAIRS)
    assert np.argmax(sifted) == np.argmax(whole) == 2
    assert read[2]
    assert sifted[~read].max() <= sifted[read].max()


def test_the_order_of_the_sentences_changes_nothing(reader, tokens):
    order = [3, 1, 0, 2]
    there, back = (
        reader.sifted(p, NOTHING, tokens=tokens) for p in (PAIRS, [PAIRS[i] for i in order])
    )
    assert np.array_equal(there[order], back)


def test_what_the_retriever_said_has_a_say_in_what_goes_on(reader, tokens):
    whole, plain = reader.logits("answers", PAIRS), reader.sifted(PAIRS, NOTHING, tokens=tokens)
    left = int(np.argmax(np.abs(plain - whole)))
    told = reader.sifted(PAIRS, np.where(np.arange(len(PAIRS)) == left, 100.0, 0.0), tokens=tokens)
    assert abs(plain[left] - whole[left]) > 0.1
    assert np.isclose(told[left], whole[left], atol=2e-2)


def test_where_no_sentence_is_read_as_an_answer_no_guess_says_that_one_is(reader, tokens):
    known = np.array([0.0, 0.0, -100.0, 50.0])  # the answer is left out, its guess far too high
    high = sifting.Glance(reader._rows(PAIRS)[0].glance.weight, 500.0)
    model, rows = reader._rows(PAIRS)
    told = sifting.sift(
        model.encoder,
        high,
        rows,
        known,
        tokens=tokens // 2,
        most=384,
        head=lambda state, mask: model.heard("answers", state, mask).numpy(),
    )
    whole = reader.logits("answers", PAIRS)
    assert told.max() < -3 < whole.max()


def test_what_the_tokens_do_not_last_for_is_not_told(reader, tokens):
    assert len(reader.sifted(PAIRS, NOTHING, tokens=tokens - 1)) == len(PAIRS) - 1
    assert len(reader.sifted(PAIRS, NOTHING, tokens=1)) == 1, "one is always read"
    assert len(reader.sifted([], NOTHING[:0], tokens=ALL)) == 0


def test_an_adapter_that_has_no_glance_reads_all_to_the_end(tmp_path, tokens):
    shutil.copytree(IN_THE_BOX, tmp_path / "a")
    path = tmp_path / "a" / adapters.WEIGHTS
    save_file({n: t for n, t in load_file(path).items() if n not in GLANCE}, path)
    card = tmp_path / "a" / adapters.CARD
    card.write_text(json.dumps(json.loads(card.read_text()) | {"sha256": models.file_sha256(path)}))
    plain = Reader(tmp_path / "a")
    assert np.array_equal(
        plain.sifted(PAIRS, NOTHING, tokens=tokens), plain.logits("answers", PAIRS)
    )


def test_half_of_the_layers_and_then_the_others_are_all_of_them():
    model = MiniLm(models.locate(models.ENCODER), device="cpu", dtype=torch.float32)
    rows = [model.encode("Owls hunt mice.", most=32), model.encode("Snow.", most=32)]
    whole, mask = model.hidden(rows)
    state, _ = model.embedded(rows)
    for layers in (range(2), range(2, model.layers)):
        state = model.through(state, mask, layers)
    assert torch.equal(state, whole)


def test_what_shares_a_batch_is_of_like_length():
    rows = [[7] * length for length in (101, 6, 5, 150, 6, 100)]
    told = sifting.batches(rows, range(6), most=384)
    assert [i for batch in told for i in batch] == [2, 1, 4, 5, 0, 3]
    assert all(len(batch) * max(len(rows[i]) for i in batch) <= 384 for batch in told)
    assert sifting.batches(rows, [3], most=10) == [[3]], "one that is too long stays alone"
    assert sifting.batches(rows, [], most=10) == []
