"""What the bundled writer was taught: loaded by its hash, added to its weights."""

import json

import pytest
import torch
from safetensors.torch import save_file

from rag.config import OFF, LlmConfig
from rag.errors import ModelError
from rag.models import adapters
from rag.models import bundled as models
from rag.models.prompts import Message
from rag.models.writer.writer import Request, Writer

pytestmark = pytest.mark.slow

ASKED = Request((Message("user", "Say that owls hunt mice."),))
MATRIX = "model.layers.29.mlp.down_proj.weight"


def adapter(folder, strength, base=models.WRITER.sha256):
    generator = torch.Generator().manual_seed(0)
    tensors = {
        f"{MATRIX}.up": strength * torch.randn(576, 2, generator=generator),
        f"{MATRIX}.down": torch.randn(2, 1536, generator=generator),
    }
    save_file(tensors, folder / adapters.WEIGHTS)
    digest = models.file_sha256(folder / adapters.WEIGHTS)
    card = {"base": {"name": "", "sha256": base}, "rank": 2, "sha256": digest}
    (folder / adapters.CARD).write_text(json.dumps(card))
    return Writer(LlmConfig(adapter=str(folder), max_new_tokens=8))


def test_an_adapter_changes_what_is_written_and_an_empty_one_does_not(tmp_path):
    plain = Writer(LlmConfig(adapter=OFF, max_new_tokens=8)).write([ASKED]).sentences
    assert adapter(tmp_path, 0.0).write([ASKED]).sentences == plain
    taught = adapter(tmp_path, 3.0)
    assert taught.taught
    assert taught.write([ASKED]).sentences != plain


def test_an_adapter_that_is_missing_or_for_another_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"llm\.adapter=off"):
        Writer(LlmConfig(adapter=str(tmp_path))).warm()
    with pytest.raises(ModelError, match="another model"):
        adapter(tmp_path, 1.0, base="0" * 64).warm()


def test_another_model_runs_without_it(tmp_path):
    assert not Writer(LlmConfig(model=str(tmp_path), adapter=str(tmp_path))).taught
    assert Writer(LlmConfig()).taught
    assert not Writer(LlmConfig(adapter=OFF)).taught
