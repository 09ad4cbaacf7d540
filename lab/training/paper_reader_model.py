"""The one-pass reader while it learns: question, title and whole abstract in one sequence.

The bundled encoder reads all of it at once; the states of a sentence's tokens are averaged, so a
sentence is judged in its context. Linear heads give each sentence two log-odds a task (it answers
or carries; it denies), and the question's own states a third: nothing here does. The three share
one softmax. Another head says whether the paper bears on a request.

Sources: Devlin et al. 2018 (https://arxiv.org/abs/1810.04805); pooling sentences of one long
sequence: Cohan et al. 2019, "Pretrained Language Models for Sequential Sentence Classification"
(https://arxiv.org/abs/1909.04054); a null answer beside spans: Rajpurkar et al. 2018
(https://arxiv.org/abs/1806.03822).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.training.paper_reader_data import Reading, Source
from rag import adapters, models
from rag.minilm import MiniLm

MOST_TOKENS = 416
TASKS = ("question", "claim")
SENTENCE_HEADS, PAPER_HEADS = 4, 3
"""Carries and denies, a task each; nothing here, a task each, and bears."""


@dataclass(frozen=True, slots=True)
class Row:
    """A reading as tokens.

    Attributes:
        ids: of the tokens.
        head: how many of them are the question with its marks.
        ends: (first, behind the last) token of each sentence that fits.
        reading: that it is of.
    """

    ids: list[int]
    head: int
    ends: tuple[tuple[int, int], ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class Judged:
    """What the model says of n rows of up to s sentences.

    `carries`, `denies`: (n, s) log-odds, minus infinity where there is no sentence; `nothing`,
    `bears`: (n,).
    """

    carries: Any
    denies: Any
    nothing: Any
    bears: Any


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
        question, title = self._tokens(reading.text)[:96], self._tokens(paper.title)[:48]
        start, stop = self._marks()
        ids = [start, *question, stop, *title, stop]
        ends = []
        for sentence in paper.sentences:
            tokens = self._tokens(sentence)
            if len(ids) + len(tokens) >= MOST_TOKENS:
                break
            ends.append((len(ids), len(ids) + len(tokens)))
            ids += tokens
        return Row([*ids, stop], len(question) + 2, tuple(ends), reading)

    def __call__(self, rows: Sequence[Row]) -> Judged:
        """What the model says of some rows, read together."""
        import torch
        from torch.nn import functional
        from torch.nn.attention import SDPBackend, sdpa_kernel

        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):  # a quarter faster to learn with than MATH
            hidden, _ = self.encoder.hidden([row.ids for row in rows])
        sentences = max(len(row.ends) for row in rows)
        pool = torch.zeros(len(rows), sentences + 1, hidden.shape[1])
        there = torch.zeros(len(rows), sentences, dtype=torch.bool)
        claims = torch.tensor([TASKS.index(row.reading.task) for row in rows])
        for place, row in enumerate(rows):
            pool[place, 0, : row.head] = 1 / row.head
            for number, (first, behind) in enumerate(row.ends, start=1):
                pool[place, number, first:behind] = 1 / max(1, behind - first)
            there[place, : len(row.ends)] = True
        states = pool @ hidden
        of_sentences = functional.linear(
            states[:, 1:], self.heads["sentence.weight"], self.heads["sentence.bias"]
        )
        of_paper = functional.linear(
            states[:, 0], self.heads["paper.weight"], self.heads["paper.bias"]
        )
        which = torch.arange(len(rows))
        absent = ~there
        return Judged(
            of_sentences[which, :, 2 * claims].masked_fill(absent, -1e4),
            of_sentences[which, :, 2 * claims + 1].masked_fill(absent, -1e4),
            of_paper[which, claims],
            of_paper[:, 2],
        )

    def _marks(self) -> tuple[int, int]:
        start, stop = self.encoder.encode("", most=8)
        return start, stop

    def _tokens(self, text: str) -> list[int]:
        if text not in self._texts:
            self._texts[text] = self.encoder.encode(text, most=512)[1:-1]
        return self._texts[text]


def loss_of(judged: Judged, readings: Sequence[Reading]) -> Any:
    """Mean over readings: cross-entropy of the softmax over sentences and nothing, and of `bears`.

    Where several sentences are right each has an equal part, so that evidence comes as a set.
    """
    import torch
    from torch.nn import functional

    sentences = judged.carries.shape[1]
    log_p = torch.cat([judged.carries, judged.denies, judged.nothing[:, None]], 1).log_softmax(1)
    target = torch.zeros_like(log_p)
    for place, reading in enumerate(readings):
        if not reading.judged:
            continue
        right = [*(i for i in reading.carries if i < sentences)]
        right += [sentences + i for i in reading.denies if i < sentences]
        if right:
            target[place, right] = 1 / len(right)
        elif not (reading.carries or reading.denies):
            target[place, -1] = 1.0
    chosen = -(target * log_p).sum() / len(readings)
    known = [place for place, reading in enumerate(readings) if reading.bears is not None]
    wanted = torch.tensor([readings[place].bears for place in known])
    related = functional.binary_cross_entropy_with_logits(
        judged.bears[known], wanted, reduction="sum"
    )
    return chosen + 0.5 * related / len(readings)
