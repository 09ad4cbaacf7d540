"""Which sentences answer, which papers qualify, and whether anything does. Floor 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag import learned
from rag.retrieval import Candidate
from rag.types import Passage

ANSWER_NAMES = ("sentence", "paper", "paper_below_best", "sentence_below_best")
RELEVANT_NAMES = (
    "whole_cosine",
    "sentence_cosine",
    "lexical",
    "coverage",
    "coverage_by_title",
    "coverage_by_sentence",
    "near_best",
    "score",
    "score_below_best",
    "best_sentence",
)


def answer_features(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Every sentence of the candidates, paper after paper: (all m, len(ANSWER_NAMES)) float64."""
    papers = np.asarray([candidate.logit for candidate in candidates])
    rows = [
        (score, candidate.logit, candidate.logit - papers.max())
        for candidate in candidates
        for score in candidate.sentence_scores
    ]
    table = np.asarray(rows, dtype=np.float64).reshape(len(rows), 3)
    best = table[:, :1].max(initial=-np.inf) if len(rows) else 0.0
    return np.hstack([table, table[:, :1] - best])


def relevant_features(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """Candidates of one question, best first: (c, len(RELEVANT_NAMES)) float64."""
    best = max((candidate.logit for candidate in candidates), default=0.0)
    rows = [
        (
            candidate.parts["whole"],
            candidate.parts["sentence"],
            candidate.features[2],
            candidate.features[3],
            candidate.features[4],
            candidate.features[5],
            candidate.features[6],
            candidate.logit,
            candidate.logit - best,
            max(candidate.sentence_scores, default=0.0),
        )
        for candidate in candidates
    ]
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), len(RELEVANT_NAMES))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence picked as evidence, with the share of belief that it is the one."""

    candidate: Candidate
    passage: Passage
    share: float


def answering_sentences(
    candidates: Sequence[Candidate], *, most: int = 3, papers: int = 2, enough: float = 0.95
) -> list[Chosen]:
    """The fewest sentences that hold the answer with probability `enough`, best first.

    Args:
        candidates: the papers looked at, best first.
        most: sentences at the most.
        papers: papers that they may come from.
        enough: summed probability at which no more are taken.
    """
    if not candidates:
        return []
    model = learned.load("answer", ANSWER_NAMES)
    scores = model.scores(answer_features(candidates))
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    places = [(candidate, p) for candidate in candidates for p in candidate.passages]
    chosen: list[Chosen] = []
    for row in np.argsort(-shares, kind="stable"):
        candidate, passage = places[int(row)]
        used = {one.candidate.index for one in chosen} | {candidate.index}
        if len(used) <= papers:
            chosen.append(Chosen(candidate, passage, float(shares[row])))
        if len(chosen) == most or sum(one.share for one in chosen) >= enough:
            break
    return chosen


def ranked_passages(candidate: Candidate) -> list[Passage]:
    """All sentences of a paper, the best for the question first."""
    order = np.argsort(-np.asarray(candidate.sentence_scores), kind="stable")
    return [candidate.passages[int(i)] for i in order]


def relevance(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """(c,) in [0, 1]: how likely each candidate belongs in a list on the question."""
    return learned.load("relevant", RELEVANT_NAMES).probabilities(relevant_features(candidates))
