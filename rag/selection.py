"""Which sentences answer, which papers qualify, and whether anything does. Floor 3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag import learned, paper_features
from rag.retrieval import Candidate
from rag.terms import NOWHERE, Worth, content_stems, stems
from rag.types import Passage

ANSWER_NAMES = ("sentence", "paper", "paper_below_best", "sentence_below_best")
TOPIC_NAMES = (
    "whole_cosine",
    "sentence_cosine",
    "coverage",
    "best_score",
    "rarest_missing",
)
TOPIC_READ_NAMES = (*TOPIC_NAMES, "read")
LISTED_NAMES = ("score", "log_rank")
WITH_READER = "+reader"
"""Ends the names of the models that were fitted to what the reader says."""


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


def topic_features(
    topic: str,
    candidates: Sequence[Candidate],
    worth: Worth,
    *,
    read: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """What tells whether any paper bears on a topic; best first: (len(TOPIC_NAMES),) float64.

    With what the reader said of each (nan where it did not read) it is of TOPIC_READ_NAMES.
    `rarest_missing`: what the most telling word that the best paper lacks is worth, of the most
    that any word could be.
    """
    best = candidates[0].paper
    lacking = set(content_stems(topic)) - set(stems(f"{best.title} {best.abstract}"))
    features = np.asarray(
        [
            max(candidate.parts["whole"] for candidate in candidates),
            max(candidate.parts["sentence"] for candidate in candidates),
            max(candidate.features[_COVERAGE] for candidate in candidates),
            max(candidate.logit for candidate in candidates),
            max((worth(stem) for stem in lacking), default=0.0) / worth(NOWHERE),
        ],
        dtype=np.float64,
    )
    return features if read is None else np.append(features, np.nanmax(read))


_COVERAGE = paper_features.NAMES.index("coverage")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence picked as evidence, with the share of belief that it is the one."""

    candidate: Candidate
    passage: Passage
    share: float


def answering_sentences(
    candidates: Sequence[Candidate],
    *,
    read: bool = False,
    most: int = 3,
    papers: int = 2,
    enough: float = 0.98,
) -> list[Chosen]:
    """The fewest sentences that hold the answer with probability `enough`, best first.

    Args:
        candidates: the papers looked at, best first.
        read: whether the reader read their sentences.
        most: sentences at the most.
        papers: papers that they may come from.
        enough: summed probability at which no more are taken.
    """
    if not candidates:
        return []
    model = learned.load("answer" + WITH_READER * read, ANSWER_NAMES)
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


def related_probability(
    topic: str,
    candidates: Sequence[Candidate],
    worth: Worth,
    *,
    read: NDArray[np.float64] | None = None,
) -> float:
    """How likely any of the candidates belongs in a list on a topic: [0, 1].

    A paper that holds every telling word of the topic is one: nobody who asks for "hallucination"
    wants to hear that nothing is close to it where the word stands in an abstract.

    Args:
        topic: what is asked for.
        candidates: best first, as the retriever ranks them.
        worth: inverse document frequencies of the corpus.
        read: what the reader said of each, nan where it did not read; None without a reader.
    """
    if not candidates:
        return 0.0
    if max(candidate.features[_COVERAGE] for candidate in candidates) >= 1.0:
        return 1.0
    if read is None:
        model = learned.load("topic", TOPIC_NAMES)
    else:
        model = learned.load("topic" + WITH_READER, TOPIC_READ_NAMES)
    features = topic_features(topic, candidates, worth, read=read)
    return float(model.probabilities(features[None, :])[0])


def until_relevance_ends(
    candidates: Sequence[Candidate], *, read: bool = False, most: int
) -> list[Candidate]:
    """The candidates, best first, up to where the expected F1 of the list is highest.

    A fixed number cuts long lists and pads short ones. Each paper's chance of belonging comes from
    its score and its rank; the best list is then known without knowing which papers do belong.
    Source: Lewis 1995, "Evaluating and optimizing autonomous text classification systems"
    (https://doi.org/10.1145/215206.215366); weights by `eval/training/cutoff.py`.

    Args:
        candidates: best first.
        read: whether the reader read them.
        most: the longest list.
    """
    if not candidates:
        return []
    model = learned.load("listed" + WITH_READER * read, LISTED_NAMES)
    chances = model.probabilities(listed_features([c.logit for c in candidates]))
    return list(candidates[: min(most, best_length(chances))])


def listed_features(scores: Sequence[float]) -> NDArray[np.float64]:
    """Of papers with these scores, best first: (n, len(LISTED_NAMES)) float64."""
    ranks = np.arange(1, len(scores) + 1, dtype=np.float64)
    return np.stack([np.asarray(scores, dtype=np.float64), np.log(ranks)], axis=1)


def best_length(chances: NDArray[np.float64]) -> int:
    """How many of the first papers to list so that the expected F1 is highest; at least one.

    Args:
        chances: (n >= 1,) of belonging in the list, best paper first.
    """
    lengths = np.arange(1, len(chances) + 1)
    expected = 2 * np.cumsum(chances) / (lengths + chances.sum())
    return int(np.argmax(expected)) + 1
