"""The papers of an index as a question meets them: ids in order, papers on demand."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index_store.dense import DenseScores
from index_store.snapshot import Snapshot
from rag.language.words import Worth, inverse_frequency
from rag.library.codec import from_payload, index_errors
from rag.library.filtering import matches
from rag.types import Filters, Paper, Passage


class Corpus:
    """One committed state of an index, read as papers."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._known: dict[int, Paper] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self.snapshot)

    @property
    def fingerprint(self) -> str:
        """What the trace of an answer says of the index."""
        return self.snapshot.manifest.fingerprint

    @cached_property
    def worth(self) -> Worth:
        """Inverse document frequencies of stems."""
        return inverse_frequency(frequency=self.snapshot.frequency, documents=len(self))

    def paper_at(self, index: int) -> Paper:
        """The paper at a place of the index.

        Raises:
            IndexDamagedError: it is not as it was written.
        """
        paper = self._known.get(index)
        if paper is None:
            with index_errors():
                paper = from_payload(self.snapshot.document_at(index).payload)
            with self._lock:
                self._known[index] = paper
        return paper

    def paper(self, paper_id: str) -> Paper:
        """A paper by id.

        Raises:
            KeyError: there is none of that id.
        """
        index = self.snapshot.index_of(paper_id)
        if index is None:
            raise KeyError(paper_id)
        return self.paper_at(index)

    def papers(self) -> Sequence[Paper]:
        """All papers, in the order of their ids."""
        return [self.paper_at(index) for index in range(len(self))]

    def passages_at(self, index: int) -> tuple[Passage, ...]:
        """The sentences of a paper's abstract, in order, as they were indexed."""
        paper_id = self.snapshot.document_ids[index]
        with index_errors():
            spans = self.snapshot.spans(index)
        return tuple(
            Passage(paper_id, ordinal, int(start), int(end))
            for ordinal, (start, end) in enumerate(spans)
        )

    def lexical(self, words: str) -> NDArray[np.float32]:
        """(n,) BM25 of every paper.

        Raises:
            IndexDamagedError: a score is no such score.
        """
        with index_errors():
            return self.snapshot.lexical(words)

    def dense(self, query: NDArray[np.float32], *, also: Iterable[int] = ()) -> DenseScores:
        """Cosines of every paper; see `Snapshot.dense`.

        Raises:
            IndexDamagedError: a score is no cosine.
        """
        with index_errors():
            return self.snapshot.dense(query, also=also)

    def vectors(self, index: int) -> NDArray[np.float32]:
        """(1 + m, dim) the vector of a paper, then those of its sentences.

        Raises:
            IndexDamagedError: they cannot be read.
        """
        with index_errors():
            return self.snapshot.vectors(index)

    def allowed(self, filters: Filters) -> NDArray[np.bool_] | None:
        """(n,) which papers the filters let through; None when they let all through."""
        if not filters.active:
            return None
        return np.asarray([matches(filters, paper) for paper in self.papers()], dtype=np.bool_)
