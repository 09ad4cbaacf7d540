"""What the reader makes of the papers in the running and of their sentences. Floor 3.

The retriever compares vectors and words; the reader reads a question and a text together. It costs
a hundred times more a pair, so it reads only what the retriever puts in front, and a learned model
weighs what both say (`eval/training/reading.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from rag import learned
from rag.reader import Reader, titled
from rag.retrieval import Candidate
from rag.selection import ranked_passages

SENTENCES_READ = 24
SENTENCE_NAMES = ("sentence", "read", "read_below_best")
PAPERS_READ = 16
PAPER_NAMES = ("paper", "read")
GIST = 2
"""Sentences by which a paper is judged: two of 16 papers cost what one question's sentences do, and
with 24 or 40 papers read the lists are no better."""
TOKENS_OF_SENTENCES, TOKENS_OF_PAPERS = 1280, 1088
"""Read for one question: where they are long, fewer are read, and none waits much longer than
another. With 1,792 of both, 3 more of 596 papers kept aside have their evidence on top, and the
requests for papers find as many; of the sentences' tokens not all are read to the end (`READ_ON` of
`rag.reader`)."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader said of some papers.

    `said`: (n,) of each paper, in log-odds, that it bears on the request, or the highest that one
    of its sentences answers; nan where nothing was read.
    """

    candidates: list[Candidate]
    said: NDArray[np.float64]


def read_sentences(
    reader: Reader | None,
    question: str,
    candidates: Sequence[Candidate],
    *,
    papers: int,
    tokens: int = TOKENS_OF_SENTENCES,
) -> Read:
    """The candidates, the sentences of the first few scored anew.

    Args:
        reader: None leaves everything as it is.
        question: what is to be answered.
        candidates: best first.
        papers: of how many the sentences may be read; `SENTENCES_READ` of them are, those with
            the highest scores, or as many as `tokens` allows. What is not read counts as the
            worst that was.
        tokens: that are read at the most.
    """
    highest = np.full(len(candidates), np.nan)
    places = [(p, s) for p, c in enumerate(candidates[:papers]) for s in range(len(c.passages))]
    if reader is None or not places:
        return Read(list(candidates), highest)
    cheap = np.asarray([candidates[p].sentence_scores[s] for p, s in places])
    best = np.argsort(-cheap, kind="stable")[:SENTENCES_READ]
    chosen = [places[i] for i in best]
    pairs = [(question, shown(candidates[p], s)) for p, s in chosen]
    logits = reader.sifted(pairs, cheap[best], tokens=tokens)
    read = dict(zip(chosen, logits, strict=False))
    model = learned.load("sentence+reader", SENTENCE_NAMES)
    low, high = float(logits.min()), float(logits.max())
    told = list(candidates)
    for p, candidate in enumerate(candidates[:papers]):
        said = np.asarray([read.get((p, s), low) for s in range(len(candidate.passages))])
        scores = model.scores(sentence_rows(candidate, said, best=high))
        told[p] = replace(candidate, score_sentences=partial(np.asarray, scores))
        highest[p] = max((v for (q, _), v in read.items() if q == p), default=low)
    return Read(told, highest)


def read_papers(
    reader: Reader | None,
    request: str,
    candidates: Sequence[Candidate],
    *,
    most: int | None = None,
    tokens: int = TOKENS_OF_PAPERS,
) -> Read:
    """The candidates, ranked anew by what the reader makes of the first `most`.

    Args:
        reader: None leaves everything as it is.
        request: what papers are asked for.
        candidates: best first. What is not read counts as the worst that was, and stays behind.
        most: papers that are read; None: `PAPERS_READ`, or as many as `tokens` allows.
        tokens: that are read at the most, where `most` does not say how many papers.
    """
    said = np.full(len(candidates), np.nan)
    first = candidates[: PAPERS_READ if most is None else most]
    if reader is None or not first:
        return Read(list(candidates), said)
    pairs = [(request, gist(c)) for c in first]
    count = reader.within(pairs, tokens=tokens) if most is None else len(pairs)
    read = reader.logits("relevant", pairs[:count])
    said[:count] = read
    model = learned.load("paper+reader", PAPER_NAMES)
    scores = model.scores(paper_rows(candidates, np.nan_to_num(said, nan=float(read.min()))))
    order = np.argsort(-scores, kind="stable")
    return Read([replace(candidates[i], logit=float(scores[i])) for i in order], said[order])


def paper_rows(candidates: Sequence[Candidate], said: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is weighed of each paper, given the reader's log-odds: (n, len(PAPER_NAMES))."""
    return np.stack([np.asarray([c.logit for c in candidates]), said], axis=1)


def gist(candidate: Candidate) -> str:
    """How a paper is shown to the reader: its title and its best sentences, in their order."""
    abstract = candidate.paper.abstract
    best = sorted(ranked_passages(candidate)[:GIST], key=lambda passage: passage.start)
    return titled(candidate.paper.title, " ".join(passage.text(abstract) for passage in best))


def sentence_rows(
    candidate: Candidate, said: NDArray[np.float64], *, best: float
) -> NDArray[np.float64]:
    """What is weighed of each sentence of a paper: (m, len(SENTENCE_NAMES)) float64.

    Args:
        candidate: of m sentences.
        said: (m,) log-odds of the reader.
        best: the highest log-odds among all sentences that are compared.
    """
    return np.stack([np.asarray(candidate.sentence_scores), said, said - best], axis=1)


def shown(candidate: Candidate, i: int) -> str:
    """How the reader sees a sentence of a paper."""
    return titled(candidate.paper.title, candidate.passages[i].text(candidate.paper.abstract))
