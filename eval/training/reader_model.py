"""The reader while it learns: its weights, losses and optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from eval.training.reader_data import Group
from rag import models
from rag.minilm import MiniLm
from rag.reader import HEADS, MAX_TOKENS, pooled

PAIRS_AT_ONCE = 32
HEAD_RATE = 10.0
"""How many times faster the heads learn: they begin at nothing, the encoder does not."""


class ReaderModel:
    """The bundled encoder and a linear head a skill over the mean of its last layer.

    All weights of the layers are learned, the embeddings stay: tables of 30,000 words learn
    nothing from 2,000 papers. `rag.reader` runs the very same code.
    """

    def __init__(self) -> None:
        import torch

        torch.manual_seed(0)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        folder = models.locate(models.ENCODER)
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

        rows = [self.encoder.encode(a, b, most=MAX_TOKENS) for a, b in pairs]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        out: list[Any] = []
        for start in range(0, len(order), PAIRS_AT_ONCE):
            part = [rows[i] for i in order[start : start + PAIRS_AT_ONCE]]
            # On a CPU the fused kernel's way back is slower than plain products, by a fifth of all.
            with torch.autocast(self.device, dtype=torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
                hidden, mask = self.encoder.hidden(part)
            out.append(
                functional.linear(
                    pooled(hidden, mask), self.heads["heads.weight"], self.heads["heads.bias"]
                )
            )
        back = torch.tensor(np.argsort(order), device=self.device)
        return torch.cat(out)[back]

    def step(self, groups: Sequence[Group], *, rate: float) -> float:
        """One step over some groups: listwise within a group, plus every pair on its own."""
        import torch

        for settings in self.optimiser.param_groups:
            settings["lr"] = rate * settings["times"]
        self.optimiser.zero_grad()
        logits = self.logits([pair for group in groups for pair in group.pairs])
        ends = np.cumsum([len(group.pairs) for group in groups])
        losses = [
            _loss(
                logits[end - len(group.pairs) : end, HEADS.index(group.head)],
                torch.tensor(group.right, device=self.device),
            )
            for end, group in zip(ends, groups, strict=True)
        ]
        loss = torch.stack(losses).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        self.optimiser.step()
        return float(loss.detach())

    def trained(self) -> dict[str, Any]:
        """The weights that are learned, by name."""
        return {**self.weights, **self.heads}


def _loss(scores: Any, right: Any) -> Any:
    import torch

    alone = torch.nn.functional.binary_cross_entropy_with_logits(scores, right)
    if not 0 < float(right.sum()) < len(right):
        return alone
    shares = torch.log_softmax(scores, dim=0)
    return alone - torch.logsumexp(shares[right > 0], dim=0)
