"""Reading the first candidates, best first, within a budget of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.evidence.retrieval import Candidate
from rag.models.paper_reader import PaperReader, PaperReading, ShownPaper

POINT_PAPERS = 8
"""Papers that are read before it is decided what shape the answer has: the one that answers is
among the first eight of its corpus for 98 of 100 training questions."""
SURVEY_PAPERS = 48
POINT_TOKENS, SURVEY_TOKENS = 4_000, 16_000
"""Read for one question at the most: two cores read some 4,400 a second in float32."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The candidates for a question, best first, and what the reader makes of the first of them.

    `readings` is parallel to the first candidates; empty without a reader.
    """

    candidates: list[Candidate]
    readings: list[PaperReading]

    @property
    def front(self) -> list[Candidate]:
        """The candidates that were read; without a reader those that would have been."""
        return self.candidates[: len(self.readings) or POINT_PAPERS]


def look(reader: PaperReader | None, question: str, candidates: Sequence[Candidate]) -> Looked:
    """Read the first few papers.

    Raises:
        ModelError: see `PaperReader.read`.
    """
    return look_on(reader, question, Looked(list(candidates), []), papers=POINT_PAPERS)


def look_on(
    reader: PaperReader | None,
    question: str,
    looked: Looked,
    *,
    papers: int = SURVEY_PAPERS,
    tokens: int | None = None,
) -> Looked:
    """Read on, up to so many papers.

    Raises:
        ModelError: see `PaperReader.read`.
    """
    left = looked.candidates[len(looked.readings) : papers]
    if reader is None or not left:
        return looked
    budget = tokens or (POINT_TOKENS if papers <= POINT_PAPERS else SURVEY_TOKENS)
    read = reader.read(question, [shown(candidate) for candidate in left], tokens=budget)
    return Looked(looked.candidates, [*looked.readings, *read])


def shown(candidate: Candidate) -> ShownPaper:
    """How the reader sees a paper."""
    paper = candidate.paper
    return ShownPaper(paper.title, tuple(p.text(paper.abstract) for p in candidate.passages))


def above_best(values: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) values less the highest: at most 0."""
    array = np.asarray(values, dtype=np.float64)
    return array - array.max(initial=-np.inf) if len(array) else array
