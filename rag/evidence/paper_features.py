"""What is measured of a paper that might bear on a question. Numpy only.

First the scores of three retrievers, each scaled to [0, 1] over the whole corpus and added (Bruch,
Gai and Ingber 2022, "An Analysis of Fusion Functions for Hybrid Retrieval",
https://arxiv.org/abs/2210.11934); then, for the best of them, how much of the question's worth
title, abstract and best sentence hold, and how near they are to the middle of the best five
(pseudo-relevance feedback: Rocchio 1971). Weights by `lab/training/ranking.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rag.language.words import Worth, content_stems, coverage, name_stems, stems

NAMES = (
    "whole",
    "sentence",
    "lexical",
    "coverage",
    "coverage_by_title",
    "coverage_by_sentence",
    "near_best",
    "names",
)
FEEDBACK_PAPERS = 5

Floats = NDArray[np.float32]


def scaled(scores: Floats) -> Floats:
    """Scores over the corpus brought to [0, 1]; where all are the same, as they are within it.

    So a paper that is alone in its corpus is as near as its cosine says.
    """
    low, high = float(scores.min(initial=np.inf)), float(scores.max(initial=-np.inf))
    if not high > low:
        return np.clip(scores, 0.0, 1.0)
    return (scores - np.float32(low)) / np.float32(high - low)


def paper_features(
    question: str,
    *,
    titles: Sequence[str],
    sentences: Sequence[Sequence[str]],
    parts: NDArray[np.float32],
    vectors: Floats,
    worth: Worth,
) -> NDArray[np.float64]:
    """Features of candidate papers, which come best first by the sum of their parts.

    Args:
        question: as asked.
        titles: (c) of the candidates.
        sentences: (c) all sentences of each candidate's abstract.
        parts: (c, 3) whole, sentence and lexical scores, scaled over the corpus.
        vectors: (c, dim) unit vectors of the whole abstracts.
        worth: inverse document frequencies of the corpus.

    Returns:
        (c, len(NAMES)) float64.
    """
    wanted = set(content_stems(question))
    names = name_stems(question)
    middle = vectors[:FEEDBACK_PAPERS].mean(axis=0)
    length = float(np.linalg.norm(middle))
    near = vectors @ (middle / length if length > 0 else middle)
    rows = []
    for title, texts in zip(titles, sentences, strict=True):
        own = set(stems(title))
        each = [set(stems(text)) for text in texts]
        rows.append(
            [
                coverage(wanted, own.union(*each), worth),
                coverage(wanted, own, worth),
                max((coverage(wanted, held, worth) for held in each), default=0.0),
                _share_named(names, own.union(*each)),
            ]
        )
    covered = np.asarray(rows, dtype=np.float64).reshape(len(titles), 4)
    return np.hstack(
        [parts.astype(np.float64), covered[:, :3], near[:, None].astype(np.float64), covered[:, 3:]]
    )


def _share_named(names: frozenset[str], held: set[str]) -> float:
    """The share of the question's names that a paper writes; 1 where it names nothing."""
    return len(names & held) / len(names) if names else 1.0
