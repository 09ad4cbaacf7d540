"""The reader: a small cross-encoder that reads two texts together. Floor 2.

It is the bundled sentence encoder with an adapter of a few megabytes (`rag/data/reader`, made by
`eval/training/reader.py`) and a head for each of three skills:

    answers    a question and a titled sentence: does the sentence answer it?
    relevant   a request or a claim and the gist of a paper: does the paper bear on it?
    supports   a claim and its titled evidence: do these words carry it?

Source: Nogueira and Cho 2019, "Passage Re-ranking with BERT" (https://arxiv.org/abs/1901.04085);
low-rank adapters: Hu et al. 2021, "LoRA" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from rag import adapters, models
from rag.devices import batch_tokens, pick_device, quick_dtype
from rag.minilm import MiniLm, with_adapter

Skill = Literal["answers", "relevant", "supports"]
HEADS: tuple[Skill, ...] = get_args(Skill)
MAX_TOKENS = 192
TOKENS_PER_BATCH = 384
"""Pairs of a batch are padded to the longest. With 2048 tokens a batch a fifth of what is read for
the questions of dev and box was padding, with these a twentieth, and they stay in the cache."""
IN_THE_BOX = adapters.in_the_box("reader")


class Reader:
    """Scores pairs of texts; loaded when it is first used. Safe to share between threads.

    Args:
        folder: of the adapter, as `rag.adapters` wants it.
        device: "auto", "cpu" or "cuda".
    """

    def __init__(self, folder: Path = IN_THE_BOX, *, device: str = "auto") -> None:
        self.folder = folder
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[MiniLm, Any, Any] | None = None

    def logits(self, skill: Skill, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float64]:
        """How sure the reader is of each pair: (n,) log-odds as learned, not calibrated.

        The same pairs in another order give the same numbers: what shares a batch is settled by
        the pairs alone.

        Raises:
            ModelError: the adapter is missing or altered, see `rag.adapters.load`.
        """
        import torch

        if not pairs:
            return np.zeros(0)
        with self._lock:
            encoder, weight, bias = self._model()
            rows = encoder.encode_all(list(pairs), most=MAX_TOKENS)
        order = sorted(range(len(pairs)), key=lambda i: (len(rows[i]), pairs[i]))
        head = HEADS.index(skill)
        most = batch_tokens(encoder.device, on_cpu=TOKENS_PER_BATCH)
        said = []
        with torch.inference_mode():
            for batch in _batches(order, [len(row) for row in rows], most=most):
                hidden, mask = encoder.hidden([rows[i] for i in batch])
                said.append(pooled(hidden, mask) @ weight[head] + bias[head])
            out = np.zeros(len(pairs))
            out[order] = torch.cat(said).cpu().numpy()  # fetched once: a GPU is not waited for
        return out

    def within(self, pairs: Sequence[tuple[str, str]], *, tokens: int) -> int:
        """How many of the first pairs hold no more than so many tokens; one, if there is any.

        Reading costs about the same for every token.
        """
        with self._lock:
            encoder, *_ = self._model()
            lengths = [len(ids) for ids in encoder.encode_all(list(pairs), most=MAX_TOKENS)]
        affordable = int((np.cumsum(lengths) <= tokens).sum())
        return max(affordable, min(1, len(pairs)))

    def _model(self) -> tuple[MiniLm, Any, Any]:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    def _load(self) -> tuple[MiniLm, Any, Any]:
        device = pick_device(self._device)
        base = models.ENCODER
        tensors = adapters.load(self.folder, base=base, device=device, instead="reader=off")
        folder = models.locate(base)
        encoder = with_adapter(folder, tensors, device=device, dtype=quick_dtype(device))
        return encoder, tensors["heads.weight"].float(), tensors["heads.bias"].float()


def titled(title: str, text: str) -> str:
    """How a sentence is shown to the reader: after its paper's title."""
    return f"{title}: {text}"


def pooled(hidden: Any, mask: Any) -> Any:
    """(n, length, size) and (n, length) to the mean over what is no padding: (n, size)."""
    kept = mask.unsqueeze(-1).to(hidden.dtype)
    return (hidden * kept).sum(1) / kept.sum(1)


def _batches(order: Sequence[int], lengths: Sequence[int], *, most: int) -> list[list[int]]:
    """Neighbours in `order` together, so many that their padded tokens are `most` at the most."""
    batches: list[list[int]] = []
    for i in order:
        room = most // max(1, lengths[i])
        if not batches or len(batches[-1]) >= room:
            batches.append([])
        batches[-1].append(i)
    return batches
