"""The reader while it learns: its weights, losses and optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lab.training.reader_groups import Group
from lab.training.reader_losses import loss_of
from rag.models import bundled as models
from rag.models.devices import pick_device, quick_dtype
from rag.models.minilm import MiniLm, pooled
from rag.models.reader import HEADS, MAX_TOKENS

PAIRS_AT_ONCE = {"cpu": 32, "cuda": 256}
HEAD_RATE = 10.0
"""How many times faster the heads learn: they begin at nothing, the encoder does not."""


class ReaderModel:
    """The bundled encoder and a linear head a skill over the mean of its last layer.

    All weights of the layers are learned, the embeddings stay: tables of 30,000 words learn
    nothing from 2,000 papers. `rag.models.reader` runs the very same code. The heads always begin
    at the same random numbers, so that the weights of several runs can be averaged.
    """

    def __init__(self) -> None:
        import torch

        torch.manual_seed(0)
        self.device = pick_device("auto")
        self._dtype = quick_dtype(self.device)
        folder = models.locate(models.ENCODER)
        self._rows: dict[tuple[str, str], list[int]] = {}
        self.encoder = MiniLm(folder, device=self.device, dtype=torch.float32)
        learned = {n: w for n, w in self.encoder.weights.items() if n.startswith("encoder.")}
        self.weights: dict[str, Any] = {n: w.requires_grad_() for n, w in learned.items()}
        size = self.encoder.hidden_size
        heads = torch.nn.init.normal_(torch.empty(len(HEADS), size, device=self.device), std=0.02)
        bias = torch.zeros(len(HEADS), device=self.device)
        self.heads = {"heads.weight": heads.requires_grad_(), "heads.bias": bias.requires_grad_()}
        self.optimiser = torch.optim.AdamW(
            [
                {"params": list(self.weights.values()), "times": 1.0},
                {"params": list(self.heads.values()), "times": HEAD_RATE},
            ],
            weight_decay=0.01,
        )

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """(n, len(HEADS)) of pairs, those of like length in one batch: less padding."""
        import torch
        from torch.nn import functional
        from torch.nn.attention import SDPBackend, sdpa_kernel

        rows = [self._encoded(pair) for pair in pairs]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out: list[Any] = []
        most = PAIRS_AT_ONCE[self.device]
        mixed = {"dtype": self._dtype, "enabled": self._dtype != torch.float32}
        for start in range(0, len(order), most):
            part = [rows[i] for i in order[start : start + most]]
            # On a CPU the fused kernel's way back is slower than plain products, by a fifth of all.
            with torch.autocast(self.device, **mixed), sdpa_kernel(SDPBackend.MATH):
                hidden, mask = self.encoder.hidden(part)
            out.append(
                functional.linear(
                    pooled(hidden, mask), self.heads["heads.weight"], self.heads["heads.bias"]
                )
            )
        back = torch.tensor(np.argsort(order), device=self.device)
        return torch.cat(out)[back]

    def _encoded(self, pair: tuple[str, str]) -> list[int]:
        """The tokens of a pair, which comes back in every epoch."""
        if pair not in self._rows:
            self._rows[pair] = self.encoder.encode(*pair, most=MAX_TOKENS)
        return self._rows[pair]

    def step(self, groups: Sequence[Group], *, rate: float, kinds: Sequence[str]) -> float:
        """One step over some groups.

        Args:
            groups: of any heads.
            rate: the learning rate.
            kinds: of `reader_losses.KINDS`.
        """
        import torch

        for settings in self.optimiser.param_groups:
            settings["lr"] = rate * settings["times"]
        self.optimiser.zero_grad()
        # A loss is a hundred products of a few numbers: a GPU is slower at starting each.
        logits = self.logits([pair for group in groups for pair in group.pairs]).cpu()
        ends = np.cumsum([len(group.pairs) for group in groups])
        scores = [
            logits[end - len(group.pairs) : end, HEADS.index(group.head)]
            for end, group in zip(ends, groups, strict=True)
        ]
        loss = loss_of(scores, groups, kinds=kinds)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        self.optimiser.step()
        return float(loss.detach())

    def trained(self) -> dict[str, Any]:
        """The weights that are learned, by name."""
        return {**self.weights, **self.heads}
