"""Dense scores: cosines of a query with every document, whole and best sentence."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index_store.errors import StoreDamagedError

if TYPE_CHECKING:
    from index_store.candidates import Candidates

_log = logging.getLogger(__name__)

Floats = NDArray[np.float32]

EXACT_LIMIT = 1_500_000
"""Rows that are scanned exactly (0.2 s, and 2.3 GB of page cache at 384 dimensions). Above it
Chroma's HNSW graph proposes rows, and only the documents they belong to are scored."""
_LARGEST_COSINE = 1.01  # rounding leaves a cosine within 1e-5 of 1
_BLOCK = 65_536  # rows multiplied at a time: 100 MB of a memory-mapped file


@dataclass(frozen=True, slots=True)
class DenseScores:
    """Cosines of one query with every document, in the order of `Snapshot.document_ids`.

    `whole` and `sentence` (the best sentence) are (n,) float32 in [-1, 1]. A document without
    sentences has its whole's cosine as both.
    """

    whole: Floats
    sentence: Floats
    _sentences_of: Callable[[int], Floats]

    def sentence_scores(self, index: int) -> Floats:
        """Cosines of the sentences of document `index`: (m,) float32, in their order."""
        return self._sentences_of(index)


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of a generation: sentences of document i are rows first[i]:first[i + 1]."""

    whole: Floats
    sentence: Floats
    first: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.whole) + len(self.sentence)

    def sentences(self, index: int) -> Floats:
        """(m, dim) float32: the sentences of a document."""
        return self.sentence[int(self.first[index]) : int(self.first[index + 1])]

    def at(self, places: NDArray[np.int64]) -> Floats:
        """(k, dim) float32: rows by their place, wholes first, then sentences."""
        wholes = len(self.whole)
        out = np.empty((len(places), self.whole.shape[1]), dtype=np.float32)
        first = places < wholes
        out[first] = self.whole[places[first]]
        out[~first] = self.sentence[places[~first] - wholes]
        return out

    def score_all(self, query: Floats) -> DenseScores:
        """Exact scores of every document; `query` is a unit vector."""
        whole = _scan(self.whole, query)
        rows = _scan(self.sentence, query)
        sentence = whole.copy()
        # reduceat takes the next row for an empty stretch, so those are left out
        some = np.flatnonzero(self.first[1:] > self.first[:-1])
        if len(some):
            sentence[some] = np.maximum.reduceat(rows, self.first[some])

        def sentences_of(index: int) -> Floats:
            return rows[int(self.first[index]) : int(self.first[index + 1])]

        return DenseScores(whole, sentence, sentences_of)

    def score_some(self, query: Floats, indices: Iterable[int]) -> DenseScores:
        """Exact scores of some documents; all others get the lowest of them."""
        chosen = sorted(indices)

        def sentences_of(index: int) -> Floats:
            return _scan(self.sentences(index), query)

        near = _scan(np.asarray(self.whole[chosen]), query)
        rows = [sentences_of(index) for index in chosen]
        best = [row.max() if len(row) else own for row, own in zip(rows, near, strict=True)]
        whole = np.full(len(self.whole), near.min(initial=1.0), dtype=np.float32)
        sentence = np.full(len(self.whole), min(best, default=1.0), dtype=np.float32)
        whole[chosen], sentence[chosen] = near, best
        return DenseScores(whole, sentence, sentences_of)


class DenseIndex:
    """Scores queries: exactly up to `exact_limit` rows, through Chroma's graph above it."""

    def __init__(
        self,
        vectors: Vectors,
        *,
        row_ids: NDArray[np.uint8],
        directory: Path,
        embedder: str,
        exact_limit: int,
    ) -> None:
        self.vectors = vectors
        self._row_ids = row_ids
        self._directory = directory
        self._embedder = embedder
        self._exact_limit = exact_limit
        self._candidates: Candidates | None = None
        self._lock = threading.Lock()

    def scores(self, query: Floats, *, also: Iterable[int]) -> DenseScores:
        """See `Snapshot.dense`."""
        query = self._unit(query)
        near = self._near(query) if len(self.vectors) > self._exact_limit else None
        if near is None:
            return self.vectors.score_all(query)
        return self.vectors.score_some(query, near.union(also))

    def _unit(self, query: Floats) -> Floats:
        query = np.asarray(query, dtype=np.float32)
        wanted = self.vectors.whole.shape[1:]
        if len(self.vectors) and query.shape != wanted:
            raise ValueError(f"the query has shape {query.shape}, the index {wanted}")
        if not np.isfinite(query).all():
            raise ValueError("the query has a number that is not finite: the encoder failed")
        norm = float(np.linalg.norm(query))
        return query / np.float32(norm) if norm > 0 else query

    def _near(self, query: Floats) -> set[int] | None:
        """Documents of the nearest rows; None when Chroma cannot say, and all are scanned."""
        from index_store.candidates import Candidates

        try:
            with self._lock:
                if self._candidates is None:
                    self._candidates = Candidates(
                        self._directory,
                        embedder=self._embedder,
                        row_ids=self._row_ids,
                        first=self.vectors.first,
                    )
            return self._candidates.documents(query)
        except StoreDamagedError as error:
            _log.warning("scanning all rows instead: %s", error)
            return None


def _scan(matrix: Floats, query: Floats) -> Floats:
    """Cosines of rows with a query.

    Raises:
        FloatingPointError: one is none, so a row is no unit vector any more.
    """
    scores = np.empty(len(matrix), dtype=np.float32)
    for start in range(0, len(matrix), _BLOCK):
        block = matrix[start : start + _BLOCK]
        np.matmul(block, query, out=scores[start : start + len(block)])
    if not (np.abs(scores) <= _LARGEST_COSINE).all():  # nor is what is not a number
        raise FloatingPointError("a score of its vectors is not a cosine")
    return scores
