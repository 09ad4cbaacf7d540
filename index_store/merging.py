"""The documents of the next generation: those of the last one, with changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index_store.documents import Document
from index_store.snapshot import Snapshot


class Merge:
    """Documents of the last generation and changed ones, by id; remembers rows left behind."""

    def __init__(
        self, before: Snapshot | None, changed: Iterable[Document], dropped: frozenset[str]
    ) -> None:
        self._before = before
        self._changed = iter(changed)
        self._dropped = dropped
        self.abandoned: list[str] = []

    def __iter__(self) -> Iterator[Document]:
        new = next(self._changed, None)
        for old in self._before.entries() if self._before is not None else ():
            while new is not None and new.document_id < old.document_id:
                yield new
                new = next(self._changed, None)
            if new is not None and new.document_id == old.document_id:
                self.abandoned += set(old.row_ids).difference(new.row_ids)
                yield new
                new = next(self._changed, None)
            elif old.document_id in self._dropped:
                self.abandoned += old.row_ids
            else:
                yield old
        while new is not None:
            yield new
            new = next(self._changed, None)
