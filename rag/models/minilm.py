"""The bundled sentence encoder, run by torch alone.

Importing transformers' BERT takes two to three seconds, more than half of what a cold
`quoth search` may take; the model in the box is six plain layers. Any other encoder runs with
transformers, and `tests/rag/models/test_minilm.py` holds the two to the same vectors.
Source: Devlin et al. 2018, "BERT" (https://arxiv.org/abs/1810.04805).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.models import adapters
from rag.models import bundled as models
from rag.models.devices import moved

_TEXTS = 1024  # tokenised at a time: by all cores, and what is in memory of them is some megabytes


class MiniLm:
    """Tokens to hidden states, as `transformers.AutoModel` gives them for the same folder."""

    def __init__(self, folder: Path, *, device: str, dtype: Any) -> None:
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.hidden_size = int(config["hidden_size"])
        self.positions = int(config["max_position_embeddings"])
        self.layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config["layer_norm_eps"])
        weights = load_file(folder / "model.safetensors", device=device)
        self.weights = {name: w.to(dtype) for name, w in weights.items() if w.is_floating_point()}
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.device = device

    def encode(self, text: str, other: str | None = None, *, most: int) -> list[int]:
        """The token ids of a text or a pair, marked at beginning and end; at most `most`."""
        self.tokenizer.enable_truncation(most)
        ids: list[int] = self.tokenizer.encode(text, other).ids
        return ids

    def encode_all(self, texts: Sequence[str | tuple[str, str]], *, most: int) -> list[list[int]]:
        """As `encode` for many texts or pairs, which all cores share."""
        self.tokenizer.enable_truncation(most)
        return [
            encoding.ids
            for start in range(0, len(texts), _TEXTS)
            for encoding in self.tokenizer.encode_batch_fast(texts[start : start + _TEXTS])
        ]

    def hidden(self, rows: list[list[int]]) -> tuple[Any, Any]:
        """Hidden states (n, length, hidden_size) float32 and mask (n, length) bool."""
        state, mask = self.embedded(rows)
        return self.through(state, mask, range(self.layers)).float(), mask

    def embedded(self, rows: list[list[int]]) -> tuple[Any, Any]:
        """What the first layer is given (n, length, hidden_size), and mask (n, length) bool."""
        import torch

        length = max(len(row) for row in rows)
        padded = torch.tensor([row + [0] * (length - len(row)) for row in rows])
        ids = moved(padded, self.device)
        sizes = moved(torch.tensor([len(row) for row in rows]), self.device)
        mask = torch.arange(length, device=self.device)[None, :] < sizes[:, None]
        tables = ("word", "position", "token_type")
        word, position, kind = (self.weights[f"embeddings.{t}_embeddings.weight"] for t in tables)
        return self._norm(word[ids] + position[:length] + kind[0], "embeddings.LayerNorm"), mask

    def through(self, state: Any, mask: Any, layers: Iterable[int]) -> Any:
        """States (n, length, hidden_size) after some of the layers, by their numbers."""
        from torch.nn import functional

        allowed = mask[:, None, None, :]
        for i in layers:
            layer = f"encoder.layer.{i}"
            query, key, value = (
                self._linear(state, f"{layer}.attention.self.{part}")
                .unflatten(2, (self._heads, -1))
                .transpose(1, 2)
                for part in ("query", "key", "value")
            )
            seen = functional.scaled_dot_product_attention(query, key, value, allowed)
            told = self._linear(seen.transpose(1, 2).flatten(2), f"{layer}.attention.output.dense")
            state = self._norm(state + told, f"{layer}.attention.output.LayerNorm")
            wide = functional.gelu(self._linear(state, f"{layer}.intermediate.dense"))
            narrow = self._linear(wide, f"{layer}.output.dense")
            state = self._norm(state + narrow, f"{layer}.output.LayerNorm")
        return state

    def _linear(self, state: Any, name: str) -> Any:
        from torch.nn import functional

        weights = self.weights
        return functional.linear(state, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def _norm(self, state: Any, name: str) -> Any:
        from torch.nn import functional

        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return functional.layer_norm(state, (self.hidden_size,), weight, bias, self._epsilon)


def pooled(hidden: Any, mask: Any) -> Any:
    """(n, length, size) and (n, length) to the mean over what is no padding: (n, size)."""
    kept = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * kept).sum(1) / kept.sum(1)


def with_adapter(folder: Path, adapter: Mapping[str, Any], *, device: str, dtype: Any) -> MiniLm:
    """The model with an adapter (`rag.models.adapters.load`), added before weights are rounded."""
    import torch

    model = MiniLm(folder, device=device, dtype=torch.float32)
    adapters.apply(adapter, model.weights)
    model.weights = {name: weight.to(dtype) for name, weight in model.weights.items()}
    return model


def with_heads(
    folder: Path, names: Sequence[str], *, device: str, dtype: Any, instead: str | None
) -> tuple[MiniLm, Mapping[str, Any]]:
    """The encoder in the box with an adapter, and those of its tensors that are heads, by name.

    Args:
        folder: of the adapter.
        names: of the tensors that are no change of the encoder.
        device: "cpu" or "cuda".
        dtype: of the encoder; heads are float32.
        instead: the setting that works without the adapter; None: there is none.

    Raises:
        ModelError: the adapter is missing or altered, see `rag.models.adapters.load`.
    """
    base = models.ENCODER
    tensors = adapters.load(folder, base=base, device=device, instead=instead)
    encoder = with_adapter(models.locate(base), tensors, device=device, dtype=dtype)
    return encoder, {name: tensors[name].float() for name in names}
