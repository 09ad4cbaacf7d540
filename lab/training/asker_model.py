"""The asker while it learns: its weights, losses and optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.training.asker_data import Part, Utterance, slots
from rag.models import bundled as models
from rag.models.minilm import MiniLm
from rag.question.asker import ASKED, HEADS, hear
from rag.question.rows import Before, Row, row
from rag.question.slots import tags_of

Example = tuple[Utterance, Row, list[int], Before]
"""A line, its row as it is written this time with the tags of the tokens, and what stood before."""
RANK = 48
HEAD_RATE = 2.0
"""How many times faster the heads learn."""


class Tuned(MiniLm):
    """The encoder with low-rank changes beside its matrices, and its vectors free."""

    def __init__(self) -> None:
        import torch

        folder = models.locate(models.ENCODER)
        super().__init__(folder, device="cpu", dtype=torch.float32)
        self.learned: dict[str, Any] = {}
        for name, weight in self.weights.items():
            if not name.startswith("encoder."):
                continue
            if weight.ndim == 1:
                self.learned[name] = torch.zeros_like(weight).requires_grad_()
                continue
            rows, columns = weight.shape
            down = torch.randn(RANK, columns) / columns**0.5
            self.learned[f"{name}.down"] = down.requires_grad_()
            self.learned[f"{name}.up"] = torch.zeros(rows, RANK).requires_grad_()

    def _linear(self, state: Any, name: str) -> Any:
        from torch.nn import functional

        own = self.weights[f"{name}.weight"]
        bias = self.weights[f"{name}.bias"] + self.learned[f"{name}.bias"]
        less = functional.linear(state, self.learned[f"{name}.weight.down"])
        change = functional.linear(less, self.learned[f"{name}.weight.up"])
        return functional.linear(state, own, bias) + change

    def _norm(self, state: Any, name: str) -> Any:
        from torch.nn import functional

        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        if f"{name}.weight" in self.learned:
            weight = weight + self.learned[f"{name}.weight"]
            bias = bias + self.learned[f"{name}.bias"]
        return functional.layer_norm(state, (self.hidden_size,), weight, bias, self._epsilon)


class AskerModel:
    """The tuned encoder and the heads."""

    def __init__(self) -> None:
        import torch

        torch.manual_seed(0)
        self.encoder = Tuned()
        size = self.encoder.hidden_size
        self.heads: dict[str, Any] = {}
        for name, (rows,) in HEADS.items():
            shape = (rows,) if name.endswith("bias") else (rows, size)
            start = torch.zeros(shape) if "bias" in name else torch.randn(shape) * 0.02
            self.heads[name] = start.requires_grad_()
        self.optimiser = torch.optim.AdamW(
            [
                {"params": list(self.encoder.learned.values()), "times": 1.0},
                {"params": list(self.heads.values()), "times": HEAD_RATE},
            ],
            weight_decay=0.01,
        )

    def row(self, parts: Sequence[Part], said: Before) -> tuple[Row, list[int]]:
        """A row and the tags of the question's tokens."""
        text = "".join(text for _, text in parts)
        one = row(self.encoder.tokenizer, text, said)
        return one, tags_of(slots(parts), one.spans)

    def step(self, batch: Sequence[Example], *, rate: float) -> dict[str, float]:
        """One step; the losses by head."""
        import torch
        from torch.nn.attention import SDPBackend, sdpa_kernel

        for settings in self.optimiser.param_groups:
            settings["lr"] = rate * settings["times"]
        self.optimiser.zero_grad()
        # On a CPU the fused kernel's way back is slower than plain products.
        with sdpa_kernel(SDPBackend.MATH):
            losses = self.losses(batch)
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_([*self.encoder.learned.values(), *self.heads.values()], 1.0)
        self.optimiser.step()
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def losses(self, batch: Sequence[Example]) -> dict[str, Any]:
        """By head; what one was not told about costs nothing."""
        import torch
        from torch.nn import functional as f

        said = hear(self.encoder, self.heads, [one for _, one, _, _ in batch])
        wanted = torch.full(said.tags.shape[:2], -100)
        for place, (_, one, tags, _) in enumerate(batch):
            wanted[place, one.first : one.first + len(tags)] = torch.tensor(tags)
        kinds = torch.tensor([ASKED.index(u.kind) for u, *_ in batch])
        losses = {
            "tags": f.cross_entropy(
                said.tags.flatten(0, 1), wanted.flatten(), label_smoothing=0.02
            ),
            "kind": 0.3 * f.cross_entropy(said.kind, kinds, label_smoothing=0.05),
        }
        talked = [i for i, (_, _, _, before) in enumerate(batch) if before.asked or before.titles]
        if talked:
            leans = torch.tensor([float(batch[i][0].leans) for i in talked])
            loss = f.binary_cross_entropy_with_logits(said.leans[talked], leans, reduction="sum")
            losses["leans"] = 0.5 * loss / len(batch) * 2
        meant = [(said.refers[i], batch[i][0].refers) for i in talked if len(said.refers[i])]
        if meant:
            logits = torch.cat([logit for logit, _ in meant])
            right = [float(k in refers) for logit, refers in meant for k in range(len(logit))]
            loss = f.binary_cross_entropy_with_logits(logits, torch.tensor(right), reduction="sum")
            losses["refers"] = 0.3 * loss / len(batch) * 2
        return losses

    def trained(self) -> dict[str, Any]:
        """The weights that are learned, by name."""
        return {**self.encoder.learned, **self.heads}
