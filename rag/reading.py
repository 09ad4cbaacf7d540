"""What the reader makes of the sentences of the papers in the running. Floor 3.

The retriever compares vectors and words; the reader reads a question and a sentence together. It
costs a hundred times more a pair, so it reads only what the retriever puts in front, and a learned
model weighs what both say (`eval/training/reading.py`).
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

SENTENCES_READ = 24
SENTENCE_NAMES = ("sentence", "read", "read_below_best")


@dataclass(frozen=True, slots=True)
class Read:
    """What the reader said of some papers.

    `best`: of each paper, the highest log-odds that one of its sentences answers; nan where none
    was read.
    """

    candidates: list[Candidate]
    best: NDArray[np.float64]


def read_sentences(
    reader: Reader | None, question: str, candidates: Sequence[Candidate], *, papers: int
) -> Read:
    """The candidates, the sentences of the first few scored anew.

    Args:
        reader: None leaves everything as it is.
        question: what is to be answered.
        candidates: best first.
        papers: of how many the sentences may be read; `SENTENCES_READ` of them are, those with
            the highest scores. What is not read counts as the worst that was.
    """
    best = np.full(len(candidates), np.nan)
    places = [(p, s) for p, c in enumerate(candidates[:papers]) for s in range(len(c.passages))]
    if reader is None or not places:
        return Read(list(candidates), best)
    cheap = np.asarray([candidates[p].sentence_scores[s] for p, s in places])
    chosen = [places[i] for i in np.argsort(-cheap, kind="stable")[:SENTENCES_READ]]
    logits = reader.logits("answers", [(question, shown(candidates[p], s)) for p, s in chosen])
    read = dict(zip(chosen, logits, strict=True))
    model = learned.load("sentence+reader", SENTENCE_NAMES)
    low, high = float(logits.min()), float(logits.max())
    told = list(candidates)
    for p, candidate in enumerate(candidates[:papers]):
        said = np.asarray([read.get((p, s), low) for s in range(len(candidate.passages))])
        scores = model.scores(sentence_rows(candidate, said, best=high))
        told[p] = replace(candidate, score_sentences=partial(np.asarray, scores))
        best[p] = max((v for (q, _), v in read.items() if q == p), default=low)
    return Read(told, best)


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
