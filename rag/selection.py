"""Which sentences answer, which papers qualify, and whether anything does. Floor 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag import learned, paper_features
from rag.retrieval import Candidate
from rag.types import Passage

ANSWER_NAMES = ("sentence", "paper", "paper_below_best", "sentence_below_best")
TOPIC_NAMES = (
    "whole_cosine",
    "sentence_cosine",
    "coverage",
    "best_score",
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


def topic_features(candidates: Sequence[Candidate]) -> NDArray[np.float64]:
    """What tells whether any paper bears on a topic; best first: (len(TOPIC_NAMES),) float64."""
    return np.asarray(
        [
            max(candidate.parts["whole"] for candidate in candidates),
            max(candidate.parts["sentence"] for candidate in candidates),
            max(candidate.features[_COVERAGE] for candidate in candidates),
            max(candidate.logit for candidate in candidates),
        ],
        dtype=np.float64,
    )


_COVERAGE = paper_features.NAMES.index("coverage")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence picked as evidence, with the share of belief that it is the one."""

    candidate: Candidate
    passage: Passage
    share: float


def answering_sentences(
    candidates: Sequence[Candidate], *, most: int = 3, papers: int = 2, enough: float = 0.98
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


def defining_sentences(candidate: Candidate, name: str, *, most: int = 2) -> list[Chosen]:
    """The sentences in which a paper first writes a name: there it says what it means by it."""
    abstract = candidate.paper.abstract
    holding = [p for p in candidate.passages if name.lower() in p.text(abstract).lower()]
    kept = holding or ranked_passages(candidate)
    return [Chosen(candidate, passage, 1.0 / most) for passage in kept[:most]]


def ranked_passages(candidate: Candidate) -> list[Passage]:
    """All sentences of a paper, the best for the question first."""
    order = np.argsort(-np.asarray(candidate.sentence_scores), kind="stable")
    return [candidate.passages[int(i)] for i in order]


def related_probability(candidates: Sequence[Candidate]) -> float:
    """How likely any of the candidates, best first, belongs in a list on the question: [0, 1]."""
    if not candidates:
        return 0.0
    model = learned.load("topic", TOPIC_NAMES)
    return float(model.probabilities(topic_features(candidates)[None, :])[0])


def until_relevance_ends(
    candidates: Sequence[Candidate], *, least: int = 2, most: int
) -> list[Candidate]:
    """The candidates, best first, up to the largest drop of score from one to the next.

    A fixed number cuts long lists and pads short ones; scores of different questions have no
    common zero, but what qualifies and what does not are further apart than neighbours within.

    Args:
        candidates: best first.
        least: the earliest place of the cut; fewer candidates are all kept.
        most: the latest.
    """
    logits = np.asarray([candidate.logit for candidate in candidates])
    drops = -np.diff(logits[least - 1 : most + 1])
    if not len(drops):
        return list(candidates)
    return list(candidates[: least + int(np.argmax(drops))])
