"""The questions' side of the encoder while it learns: its weights, loss and optimiser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lab.training.query_data import Asked, Told
from rag.models import bundled as models
from rag.models.minilm import MiniLm, pooled

MAX_TOKENS = 128
SHARP = 20.0
"""What cosines are multiplied by before the softmax."""
LEXICAL = 5.0
"""Weight of BM25, scaled to [0, 1]: what words find, the vectors need not learn."""
SENTENCES = 0.5
"""Weight of which sentence of the right paper it is."""
KEEP = 1.0
"""Weight of the distance from where the plain encoder puts a question."""
RANK = 64


class QueryModel:
    """The bundled encoder and what its layers learn: low-rank changes; the embeddings stay.

    `weights` are the adapter, under the names that `rag.models.adapters` wants.
    """

    def __init__(self, *, rank: int = RANK) -> None:
        import torch

        generator = torch.Generator().manual_seed(0)
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        folder = models.locate(models.ENCODER)
        self.encoder = MiniLm(folder, device=self.device, dtype=torch.float32)
        self.base = dict(self.encoder.weights)
        self.weights: dict[str, Any] = {}
        for name, weight in self.base.items():
            if not name.startswith("encoder."):
                continue
            if weight.ndim == 1:
                self.weights[name] = torch.zeros_like(weight)
                continue
            rows, columns = weight.shape
            down = torch.randn(rank, columns, generator=generator) / columns**0.5
            self.weights[f"{name}.up"] = torch.zeros(rows, rank, device=self.device)
            self.weights[f"{name}.down"] = down.to(self.device)
        for weight in self.weights.values():
            weight.requires_grad_()
        self.optimiser = torch.optim.AdamW(list(self.weights.values()), weight_decay=0.0)

    def embed(self, texts: Sequence[str]) -> Any:
        """(n, dim) unit vectors with gradients."""
        import torch

        learned = self.weights
        for name, weight in self.base.items():
            if f"{name}.up" in learned:
                change = learned[f"{name}.up"] @ learned[f"{name}.down"]
                self.encoder.weights[name] = weight + change
            elif name in learned:
                self.encoder.weights[name] = weight + learned[name]
        rows = [self.encoder.encode(text, most=MAX_TOKENS) for text in texts]
        return torch.nn.functional.normalize(pooled(*self.encoder.hidden(rows)), dim=1)

    def step(
        self,
        batch: Sequence[Asked],
        told: Told,
        places: Any,
        words: Any,
        plain: Any,
        *,
        rate: float,
    ) -> float:
        """One step over questions of one corpus.

        Args:
            batch: n questions.
            told: the corpus.
            places: (n, k) candidates of each, the right ones first.
            words: (n, k) their lexical scores.
            plain: (n, dim) where the plain encoder puts the questions.
            rate: the learning rate.
        """
        import torch

        for settings in self.optimiser.param_groups:
            settings["lr"] = rate
        self.optimiser.zero_grad()
        vectors = self.embed([one.text for one in batch]).cpu()
        whole = torch.einsum("nd,nkd->nk", vectors, told.whole[places])
        each = torch.einsum("nd,nksd->nks", vectors, told.sentence[told.rows[places]])
        scores = SHARP * (whole + each.amax(2)) + LEXICAL * words
        right = torch.zeros_like(scores, dtype=torch.bool)
        for row, one in enumerate(batch):
            right[row, : len(one.right)] = True
        loss = _first(scores, right).mean()
        loss = loss + SENTENCES * _sentence_loss(SHARP * each[:, 0], batch, told)
        loss = loss + KEEP * (1 - (vectors * plain).sum(1)).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        self.optimiser.step()
        return float(loss.detach())


def _sentence_loss(scores: Any, batch: Sequence[Asked], told: Told) -> Any:
    """Over (n, s) scores of the sentences of each question's paper, where its evidence is known."""
    import torch

    losses = []
    for row, one in enumerate(batch):
        if one.evidence:
            count = len(torch.unique(told.rows[one.right[0]]))
            right = torch.zeros(count, dtype=torch.bool)
            right[list(one.evidence)] = True
            losses.append(_first(scores[row, :count], right))
    return torch.stack(losses).sum() / len(batch) if losses else torch.zeros(())


def _first(scores: Any, right: Any) -> Any:
    """Minus the log of the probability, by softmax over the last axis, of any right one."""
    import torch

    shares = torch.log_softmax(scores, dim=-1)
    return -torch.logsumexp(shares.masked_fill(~right, -torch.inf), dim=-1)
