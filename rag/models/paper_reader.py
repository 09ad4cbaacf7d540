"""The paper reader: question, title and whole abstract in one pass of a small model.

It is the bundled sentence encoder with an adapter of a few megabytes (`rag/data/paper_reader`, made
by `lab/training/paper_reader.py`). The states of a sentence's tokens are averaged, so a sentence is
judged in its context; linear heads give each sentence the log-odds, against "nothing here does",
that it answers the question (or carries a claim) and that it denies what is presumed, and the paper
the log-odds that it bears on a request. An abstract that is longer than `MOST_TOKENS` is read in
windows.

Sources: pooling sentences of one long sequence: Cohan et al. 2019 (https://arxiv.org/abs/1909.04054);
a null answer beside spans: Rajpurkar et al. 2018 (https://arxiv.org/abs/1806.03822); low-rank
adapters: Hu et al. 2021, "LoRA" (https://arxiv.org/abs/2106.09685).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from rag.models import adapters, batching
from rag.models.devices import batch_tokens, pick_device, quick_dtype
from rag.models.minilm import MiniLm, with_heads

Task = Literal["question", "claim"]
TASKS: Final[tuple[Task, ...]] = get_args(Task)
HEADS: Final = ("sentence.weight", "sentence.bias", "paper.weight", "paper.bias")
"""The tensors of the adapter that are no change of the encoder. Of a sentence: carries and denies,
a task each; of the paper, from the question's own states: nothing here, a task each, and bears."""
SENTENCE_HEADS, PAPER_HEADS = 4, 3
MOST_TOKENS = 416
QUESTION_TOKENS, TITLE_TOKENS = 96, 48
TOKENS_PER_BATCH = 1280
"""Some four abstracts: what shares a batch is padded to the longest."""
ABSENT = -1e4
"""The logit of a sentence that is not there."""
IN_THE_BOX = adapters.in_the_box("paper_reader")


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper as the reader is shown it."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperReading:
    """What the reader makes of a paper of m sentences: log-odds, learned and not calibrated.

    Attributes:
        carries: (m,) of each sentence, that it answers or carries, against nothing here doing so.
        denies: (m,) that it denies what is presumed or said.
        bears: that the paper bears on the request.
    """

    carries: NDArray[np.float64]
    denies: NDArray[np.float64]
    bears: float

    @property
    def here(self) -> float:
        """Log-odds that something in the paper answers or carries."""
        return float(_summed(self.carries) - np.logaddexp(0.0, _summed(self.denies)))

    @property
    def against(self) -> float:
        """Log-odds that something in it denies."""
        return float(_summed(self.denies) - np.logaddexp(0.0, _summed(self.carries)))


@dataclass(frozen=True, slots=True)
class Window:
    """A paper, or a part of it, as tokens.

    Attributes:
        ids: of the tokens.
        head: how many of them are the question with its marks.
        ends: (first, behind the last) token of each sentence.
        task: what the text is.
    """

    ids: list[int]
    head: int
    ends: tuple[tuple[int, int], ...]
    task: Task


class Judged(NamedTuple):
    """What the heads say of n windows of up to s sentences.

    `carries`, `denies`: (n, s) logits, `ABSENT` where there is no sentence;
    `nothing`, `bears`: (n,).
    """

    carries: Any
    denies: Any
    nothing: Any
    bears: Any


class PaperReader:
    """Reads papers for a question; loaded when it is first used. Safe to share between threads.

    Args:
        folder: of the adapter, as `rag.models.adapters` wants it.
        device: "auto", "cpu" or "cuda".
    """

    def __init__(self, folder: Path = IN_THE_BOX, *, device: str = "auto") -> None:
        self.folder = folder
        self._device = device
        self._lock = threading.Lock()
        self._loaded: tuple[MiniLm, Mapping[str, Any]] | None = None

    def read(
        self,
        text: str,
        papers: Sequence[ShownPaper],
        *,
        task: Task = "question",
        tokens: int | None = None,
    ) -> list[PaperReading]:
        """What the reader makes of each of the first papers.

        The same papers in another order give the same numbers: what shares a batch is settled by
        the texts alone.

        Args:
            text: a question, a request for papers, or a claim.
            papers: best first.
            task: what the text is.
            tokens: that are read at the most, but one paper is; None: all.

        Raises:
            ModelError: the adapter is missing or altered, see `rag.models.adapters.load`.
        """
        import torch

        if not papers:
            return []
        encoder, heads, windows = self._windows(text, papers, task)
        sizes = [sum(len(window.ids) for window in own) for own in windows]
        count = len(papers) if tokens is None else batching.affordable(sizes, tokens=tokens)
        flat = [window for own in windows[:count] for window in own]
        most = batch_tokens(encoder.device, on_cpu=TOKENS_PER_BATCH)
        said: list[PaperReading | None] = [None] * len(flat)
        with torch.inference_mode():
            for batch in batching.batches([w.ids for w in flat], range(len(flat)), most=most):
                part = [flat[i] for i in batch]
                for i, reading in zip(
                    batch, _readings(judge(encoder, heads, part), part), strict=True
                ):
                    said[i] = reading
        told = iter(said)
        return [
            _joined([r for _ in own if (r := next(told)) is not None]) for own in windows[:count]
        ]

    def _windows(
        self, text: str, papers: Sequence[ShownPaper], task: Task
    ) -> tuple[MiniLm, Mapping[str, Any], list[list[Window]]]:
        texts = [text, *(t for paper in papers for t in (paper.title, *paper.sentences))]
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            encoder, heads = self._loaded
            ids = [row[1:-1] for row in encoder.encode_all(texts, most=encoder.positions)]
            marks = encoder.encode("", most=8)
        rest = iter(ids[1:])
        windows = [
            windowed(marks, ids[0], next(rest), [next(rest) for _ in paper.sentences], task)
            for paper in papers
        ]
        return encoder, heads, windows

    def _load(self) -> tuple[MiniLm, Mapping[str, Any]]:
        device = pick_device(self._device)
        return with_heads(
            self.folder, HEADS, device=device, dtype=quick_dtype(device), instead="reader=off"
        )


def windowed(
    marks: Sequence[int],
    question: Sequence[int],
    title: Sequence[int],
    sentences: Sequence[Sequence[int]],
    task: Task,
) -> list[Window]:
    """A paper as windows of question, title and as many sentences as fit; mostly one.

    Args:
        marks: the ids that begin and end a text.
        question: token ids, without marks, as all that follow.
        title: of the paper.
        sentences: of its abstract.
        task: what the question is.
    """
    start, stop = marks
    head = [start, *question[:QUESTION_TOKENS], stop]
    front = [*head, *title[:TITLE_TOKENS], stop]
    room = MOST_TOKENS - len(front) - 1
    told: list[Window] = []
    ids, ends = list(front), list[tuple[int, int]]()
    for sentence in sentences:
        own = sentence[:room]
        if ends and len(ids) + len(own) >= MOST_TOKENS:
            told.append(Window([*ids, stop], len(head), tuple(ends), task))
            ids, ends = list(front), []
        ends.append((len(ids), len(ids) + len(own)))
        ids += own
    return [*told, Window([*ids, stop], len(head), tuple(ends), task)]


def judge(encoder: MiniLm, heads: Mapping[str, Any], windows: Sequence[Window]) -> Judged:
    """What the heads say of some windows, read together; the same code learns and runs."""
    import torch
    from torch.nn import functional

    hidden, _ = encoder.hidden([window.ids for window in windows])
    sentences = max(len(window.ends) for window in windows)
    pool = torch.zeros(len(windows), sentences + 1, hidden.shape[1])
    for place, window in enumerate(windows):
        pool[place, 0, : window.head] = 1 / window.head
        for number, (first, behind) in enumerate(window.ends, start=1):
            pool[place, number, first:behind] = 1 / max(1, behind - first)
    states = pool.to(hidden.device) @ hidden
    of_sentences = functional.linear(
        states[:, 1:], heads["sentence.weight"], heads["sentence.bias"]
    )
    of_paper = functional.linear(states[:, 0], heads["paper.weight"], heads["paper.bias"])
    which = torch.arange(len(windows), device=hidden.device)
    task = torch.tensor([TASKS.index(w.task) for w in windows], device=hidden.device)
    count = torch.tensor([len(w.ends) for w in windows], device=hidden.device)
    absent = torch.arange(sentences, device=hidden.device)[None, :] >= count[:, None]
    return Judged(
        of_sentences[which, :, 2 * task].masked_fill(absent, ABSENT),
        of_sentences[which, :, 2 * task + 1].masked_fill(absent, ABSENT),
        of_paper[which, task],
        of_paper[:, 2],
    )


def _readings(judged: Judged, windows: Sequence[Window]) -> list[PaperReading]:
    carries = (judged.carries - judged.nothing[:, None]).double().cpu().numpy()
    denies = (judged.denies - judged.nothing[:, None]).double().cpu().numpy()
    bears = judged.bears.double().cpu().numpy()
    return [
        PaperReading(carries[i, : len(w.ends)], denies[i, : len(w.ends)], float(bears[i]))
        for i, w in enumerate(windows)
    ]


def _joined(parts: Sequence[PaperReading]) -> PaperReading:
    """The windows of one paper, in their order."""
    if len(parts) == 1:
        return parts[0]
    return PaperReading(
        np.concatenate([part.carries for part in parts]),
        np.concatenate([part.denies for part in parts]),
        max(part.bears for part in parts),
    )


def _summed(values: NDArray[np.float64]) -> float:
    return float(np.logaddexp.reduce(values)) if len(values) else -np.inf
