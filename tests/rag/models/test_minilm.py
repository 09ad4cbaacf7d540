"""The bundled encoder by torch alone, against transformers on the same folder."""

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from rag.config import EncoderConfig
from rag.models import bundled as models
from rag.models.encoder import Encoder
from rag.models.minilm import MiniLm

pytestmark = pytest.mark.slow

TEXTS = (
    "Owls hunt mice at night.",
    "",
    "\u0643\u064a\u0641 \u062d\u0627\u0644\u0643 caf\u00e9 GPT-4-Turbo 93.5% [SEP] <script>",
    "A long abstract on owls and mice and barns and snow. " * 90,
)


@pytest.fixture(scope="module")
def folder():
    return models.locate(models.ENCODER)


def test_the_same_tokens(folder):
    ours = MiniLm(folder, device="cpu", dtype=torch.float32)
    theirs = AutoTokenizer.from_pretrained(str(folder), local_files_only=True)
    for text in TEXTS:
        ids = theirs(text, truncation=True, max_length=128)["input_ids"]
        assert ours.encode(text, most=128) == ids
        assert ours.encode_all([text, text], most=128) == [ids, ids]


def test_many_pairs_are_cut_as_one(folder):
    ours = MiniLm(folder, device="cpu", dtype=torch.float32)
    pairs = [(a, b) for a in TEXTS for b in TEXTS]
    assert ours.encode_all(pairs, most=40) == [ours.encode(a, b, most=40) for a, b in pairs]


def test_the_same_hidden_states_with_padding(folder):
    ours = MiniLm(folder, device="cpu", dtype=torch.float32)
    theirs = AutoModel.from_pretrained(str(folder), use_safetensors=True, local_files_only=True)
    rows = [ours.encode(text, most=512) for text in TEXTS]
    length = max(map(len, rows))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    with torch.inference_mode():
        hidden, kept = ours.hidden(rows)
        wanted = theirs.eval()(input_ids=ids, attention_mask=mask).last_hidden_state
    assert torch.equal(kept.long(), mask)
    assert torch.allclose(hidden[kept], wanted[kept], atol=1e-4)


def test_the_folder_named_as_any_other_model_gives_the_same_vectors(folder):
    bundled = Encoder().embed(TEXTS)
    named = Encoder(EncoderConfig(model=str(folder))).embed(TEXTS)
    assert np.sum(bundled * named, axis=1).min() > 0.999
