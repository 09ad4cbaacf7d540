"""Sentences of papers as evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rag.evidence.retrieval import Candidate
from rag.types import Passage


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence picked as evidence, with the share of belief that it is the one."""

    candidate: Candidate
    passage: Passage
    share: float


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
