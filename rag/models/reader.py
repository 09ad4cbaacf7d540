"""The reader: a small cross-encoder that reads two texts together.

It is the bundled sentence encoder with an adapter of a few megabytes (`rag/data/reader`, made by
`lab/training/reader.py`) and a head for each of three skills:

    answers    a question and a titled sentence: does the sentence answer it?
    relevant   a request or a claim and the gist of a paper: does the paper bear on it?
    supports   a claim and its titled evidence: do these words carry it?

The check of what is written asks the last; what is found, `rag/models/paper_reader.py` reads. The
three were learned together.

Source: Nogueira and Cho 2019, "Passage Re-ranking with BERT" (https://arxiv.org/abs/1901.04085);
low-rank adapters: Hu et al. 2021, "LoRA" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rag.models import adapters, batching
from rag.models.devices import batch_tokens, pick_device, quick_dtype
from rag.models.minilm import MiniLm, pooled, with_heads

Skill = Literal["answers", "relevant", "supports"]
HEADS: tuple[Skill, ...] = get_args(Skill)
HEAD = ("heads.weight", "heads.bias")
"""The tensors of an adapter that are no change of the encoder."""
MAX_TOKENS = 192
TOKENS_PER_BATCH = 384
"""Pairs of a batch are padded to the longest. With 2048 tokens a batch a fifth of what is read for
the questions of dev and box was padding, with these a twentieth, and they stay in the cache."""
IN_THE_BOX = adapters.in_the_box("reader")


@dataclass(frozen=True, slots=True)
class _Loaded:
    """`weight` (3, hidden_size) and `bias` (3,): of the heads."""

    encoder: MiniLm
    weight: Any
    bias: Any

    def heard(self, skill: Skill, hidden: Any, mask: Any) -> Any:
        """(n, length, hidden_size) and (n, length) to (n,) log-odds of a head."""
        head = HEADS.index(skill)
        return pooled(hidden, mask) @ self.weight[head] + self.bias[head]


class Reader:
    """Scores pairs of texts; loaded when it is first used. Safe to share between threads.

    Args:
        folder: of the adapter, as `rag.models.adapters` wants it.
        device: "auto", "cpu" or "cuda".
    """

    def __init__(self, folder: Path = IN_THE_BOX, *, device: str = "auto") -> None:
        self.folder = folder
        self._device = device
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def logits(self, skill: Skill, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """How sure the reader is of each pair: (n,) log-odds as learned, not calibrated.

        The same pairs in another order give the same numbers: what shares a batch is settled by
        the pairs alone.

        Raises:
            ModelError: the adapter is missing or altered, see `rag.models.adapters.load`.
        """
        import torch

        if not pairs:
            return np.zeros(0)
        model, rows = self._rows(pairs)
        most = batch_tokens(model.encoder.device, on_cpu=TOKENS_PER_BATCH)
        grouped = batching.batches(rows, range(len(rows)), most=most)
        with torch.inference_mode():
            said = [
                model.heard(skill, *model.encoder.hidden([rows[i] for i in b])) for b in grouped
            ]
            out = np.zeros(len(pairs))
            out[list(chain(*grouped))] = torch.cat(said).cpu().numpy()  # once: no wait for a GPU
        return out

    def _rows(self, pairs: Sequence[tuple[str, str]]) -> tuple[_Loaded, list[list[int]]]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded, self._loaded.encoder.encode_all(list(pairs), most=MAX_TOKENS)

    def _load(self) -> _Loaded:
        device = pick_device(self._device)
        encoder, heads = with_heads(
            self.folder, HEAD, device=device, dtype=quick_dtype(device), instead="reader=off"
        )
        return _Loaded(encoder, *(heads[name] for name in HEAD))


def titled(title: str, text: str) -> str:
    """How a sentence is shown to the reader: after its paper's title."""
    return f"{title}: {text}"
