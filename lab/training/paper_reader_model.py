"""The one-pass reader while it learns: the weights of `rag/models/paper_reader.py` and their loss.

Sources: Devlin et al. 2018 (https://arxiv.org/abs/1810.04805) and those named there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.training.paper_reader_data import Reading, Source
from rag.models import adapters
from rag.models import bundled as models
from rag.models.minilm import MiniLm
from rag.models.paper_reader import (
    ABSENT,
    PAPER_HEADS,
    SENTENCE_HEADS,
    Judged,
    Window,
    judge,
    windowed,
)

TOGETHER = 2.0
"""What it counts that the right paper of a group is ahead, beside what one paper says alone."""


@dataclass(frozen=True, slots=True)
class Row:
    """A reading as tokens: the first window of its paper. `ids`: of its tokens."""

    window: Window
    reading: Reading

    @property
    def ids(self) -> list[int]:
        """The tokens of the window."""
        return self.window.ids


class PaperReader:
    """Weights, heads and the forward pass, in float32."""

    def __init__(self, *, warm: Mapping[str, Any] | None = None) -> None:
        import torch

        torch.manual_seed(0)
        self.encoder = MiniLm(models.locate(models.ENCODER), device="cpu", dtype=torch.float32)
        if warm is not None:
            adapters.apply(warm, self.encoder.weights)
        size = self.encoder.hidden_size
        self.weights = {
            n: w.requires_grad_()
            for n, w in self.encoder.weights.items()
            if n.startswith("encoder.")
        }
        self.heads = {
            "sentence.weight": torch.nn.init.normal_(torch.empty(SENTENCE_HEADS, size), std=0.02),
            "sentence.bias": torch.zeros(SENTENCE_HEADS),
            "paper.weight": torch.nn.init.normal_(torch.empty(PAPER_HEADS, size), std=0.02),
            "paper.bias": torch.zeros(PAPER_HEADS),
        }
        for head in self.heads.values():
            head.requires_grad_()
        self._texts: dict[str, list[int]] = {}

    def trained(self) -> dict[str, Any]:
        """The weights that are learned, by name."""
        return {**self.weights, **self.heads}

    def row(self, reading: Reading, paper: Source) -> Row:
        """A reading's tokens: question, title, sentences as far as they fit."""
        tokens = self._tokens
        windows = windowed(
            self.encoder.encode("", most=8),
            tokens(reading.text),
            tokens(paper.title),
            [tokens(s) for i, s in enumerate(paper.sentences) if i not in reading.without],
            reading.task,
        )
        return Row(windows[0], reading)

    def __call__(self, rows: Sequence[Row]) -> Judged:
        """What the model says of some rows, read together."""
        from torch.nn.attention import SDPBackend, sdpa_kernel

        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):  # a quarter faster to learn with than MATH
            return judge(self.encoder, self.heads, [row.window for row in rows])

    def _tokens(self, text: str) -> list[int]:
        if text not in self._texts:
            self._texts[text] = self.encoder.encode(text, most=512)[1:-1]
        return self._texts[text]


def loss_of(judged: Judged, groups: Sequence[Sequence[Reading]]) -> Any:
    """Summed over readings what each paper is to say alone, and over groups which paper is ahead.

    A group is one text beside several papers, one after the other in `judged`. Alone: cross-entropy
    of the softmax over a paper's sentences and nothing, and of `bears`. Together: of the softmax
    over the sentences of all its papers, where one is known to answer, and over `bears`, where one
    is known to belong; so the manner of a text, which is the same in all of them, tells nothing.
    """
    flat = [reading for group in groups for reading in group]
    loss = _alone(judged, flat)
    first = 0
    for group in groups:
        own = slice(first, first + len(group))
        first += len(group)
        if len(group) > 1:
            ahead = _sentences_ahead(judged, own, group)
            loss = loss + TOGETHER * (ahead + _papers_ahead(judged, own, group))
    return loss


def _alone(judged: Judged, readings: Sequence[Reading]) -> Any:
    """Where several sentences are right each has an equal part, so that evidence is a set."""
    import torch
    from torch.nn import functional

    sentences = judged.carries.shape[1]
    log_p = torch.cat([judged.carries, judged.denies, judged.nothing[:, None]], 1).log_softmax(1)
    target = torch.zeros_like(log_p)
    for place, reading in enumerate(readings):
        if not reading.judged:
            continue
        fit = _fit(judged, place)
        right = [*(i for i in reading.carries if i < fit)]
        right += [sentences + i for i in reading.denies if i < fit]
        if right:
            target[place, right] = 1 / len(right)
        elif not (reading.carries or reading.denies):
            target[place, -1] = 1.0
    chosen = -(target * log_p).sum()
    known = [place for place, reading in enumerate(readings) if reading.bears is not None]
    wanted = torch.tensor([readings[place].bears for place in known])
    related = functional.binary_cross_entropy_with_logits(
        judged.bears[known], wanted, reduction="sum"
    )
    return chosen + 0.5 * related


def _sentences_ahead(judged: Judged, own: slice, group: Sequence[Reading]) -> Any:
    right = [
        (place, i)
        for place, reading in enumerate(group)
        for i in reading.carries
        if i < _fit(judged, own.start + place)
    ]
    if not right:
        return 0.0
    odds = judged.carries[own] - judged.nothing[own, None]
    log_p = odds.flatten().log_softmax(0).view_as(odds)
    return -sum(log_p[place, i] for place, i in right) / len(right)


def _papers_ahead(judged: Judged, own: slice, group: Sequence[Reading]) -> Any:
    right = [place for place, reading in enumerate(group) if reading.bears == 1.0]
    if not right or len(right) == len(group):
        return 0.0
    log_p = judged.bears[own].log_softmax(0)
    return -log_p[right].mean()


def _fit(judged: Judged, place: int) -> int:
    """How many sentences of a paper were read: of a long abstract the first ones."""
    return int((judged.carries[place] > ABSENT / 2).sum())
