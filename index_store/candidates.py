"""Candidates from Chroma's HNSW graph, for indexes too large to scan."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.documents import RowPlaces
from index_store.vectors import VectorStore

CANDIDATE_ROWS = 4_000
"""Rows asked of the graph: some 1,000 documents, ten times what an answer screens."""


class Candidates:
    """Which documents of a generation have a row near a query, as Chroma sees it."""

    def __init__(
        self,
        directory: Path,
        *,
        embedder: str,
        row_ids: NDArray[np.uint8],
        first: NDArray[np.int64],
    ) -> None:
        """Open Chroma for reading.

        Raises:
            StoreDamagedError: it cannot be read.
        """
        self._store = VectorStore(directory, embedder=embedder, create=False)
        self._places = RowPlaces(row_ids)
        self._first = first
        self._lock = threading.Lock()

    def documents(self, query: NDArray[np.float32]) -> set[int]:
        """Indices of the documents that the nearest rows belong to.

        Rows that other generations have, or that are not committed yet, are passed over.

        Raises:
            StoreDamagedError: Chroma failed.
        """
        with self._lock:
            near = self._store.nearest(query, limit=CANDIDATE_ROWS)
        places = self._places.find(near)
        places = places[places >= 0]
        wholes = len(self._first) - 1
        sentences = places[places >= wholes] - wholes
        owners = np.searchsorted(self._first, sentences, side="right") - 1
        return {*places[places < wholes].tolist(), *owners.tolist()}
