"""The papers of an index as a question meets them: ids in order, papers on demand. Floor 3."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index_store.snapshot import Snapshot
from rag.filters import matches
from rag.indexing import from_payload
from rag.terms import Worth, inverse_frequency
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
        """The paper at a place of the index."""
        paper = self._known.get(index)
        if paper is None:
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
        return tuple(
            Passage(paper_id, ordinal, int(start), int(end))
            for ordinal, (start, end) in enumerate(self.snapshot.spans(index))
        )

    def allowed(self, filters: Filters) -> NDArray[np.bool_] | None:
        """(n,) which papers the filters let through; None when they let all through."""
        if not filters.active:
            return None
        return np.asarray([matches(filters, paper) for paper in self.papers()], dtype=np.bool_)
