"""What is committed with changes over it: payloads while they change, then the next documents.

The changes are kept on disk, so that an ingest of millions of documents holds neither the old ones
nor the new ones in memory.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from index_store.documents import Document, canonical_json
from index_store.snapshot import Snapshot


class Overlay:
    """Payload by document id. Changes go to a temporary database that vanishes with its process."""

    def __init__(self, snapshot: Snapshot | None) -> None:
        self._snapshot = snapshot
        self._changes = sqlite3.connect("", check_same_thread=False)  # "": a file of its own
        # Nobody else sees it and nobody needs it after a crash.
        self._changes.execute("PRAGMA journal_mode = OFF")
        self._changes.execute("PRAGMA synchronous = OFF")
        self._changes.execute("CREATE TABLE changes (id BLOB PRIMARY KEY, payload BLOB) STRICT")
        self._added = 0

    def close(self) -> None:
        """Forget the changes."""
        self._changes.close()

    def __len__(self) -> int:
        return (len(self._snapshot) if self._snapshot is not None else 0) + self._added

    def __iter__(self) -> Iterator[str]:
        """All ids: the committed ones, then new ones in order of id."""
        if self._snapshot is not None:
            yield from self._snapshot.document_ids
        for name, _ in self._rows():
            if not self._committed(name):
                yield name

    def values(self) -> Iterator[Mapping[str, Any]]:
        """All payloads, in the order of `__iter__`."""
        for name in self:
            yield self[name]

    def __getitem__(self, document_id: str) -> Mapping[str, Any]:
        changed = self._changed(document_id)
        if changed is not None:
            return dict(json.loads(changed))
        if self._snapshot is None:
            raise KeyError(document_id)
        return self._snapshot.document(document_id)

    def __contains__(self, document_id: str) -> bool:
        return self._committed(document_id) or self._changed(document_id) is not None

    def __setitem__(self, document_id: str, payload: Mapping[str, Any]) -> None:
        if document_id not in self:
            self._added += 1
        self._changes.execute(
            "INSERT OR REPLACE INTO changes VALUES (?, ?)",
            (_key(document_id), canonical_json(payload)),
        )

    def changes(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Documents that differ from what is committed, sorted by id."""
        for name, payload in self._rows():
            if not self._committed(name) or canonical_json(self._stored(name)) != payload:
                yield name, json.loads(payload)

    def is_new(self, document_id: str) -> bool:
        """Whether a document is not committed yet."""
        return not self._committed(document_id)

    def _rows(self) -> Iterator[tuple[str, bytes]]:
        # Bytes of UTF-8 sort as the characters do, so this is the order of a generation.
        for key, payload in self._changes.execute("SELECT id, payload FROM changes ORDER BY id"):
            yield key.decode("utf-8", "surrogatepass"), payload

    def _changed(self, document_id: str) -> bytes | None:
        row = self._changes.execute(
            "SELECT payload FROM changes WHERE id = ?", (_key(document_id),)
        ).fetchone()
        return row[0] if row is not None else None

    def _committed(self, document_id: str) -> bool:
        return self._snapshot is not None and self._snapshot.index_of(document_id) is not None

    def _stored(self, document_id: str) -> Mapping[str, Any]:
        assert self._snapshot is not None
        return self._snapshot.document(document_id)


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


def _key(document_id: str) -> bytes:
    return document_id.encode("utf-8", "surrogatepass")
