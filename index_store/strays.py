"""Rows that Chroma should have and has not, and the other way round."""

from __future__ import annotations

from index_store.places import RowPlaces
from index_store.snapshot import Snapshot
from index_store.vectors import VectorStore


def lost_rows(store: VectorStore, snapshot: Snapshot, *, restore: bool) -> int:
    """How many committed rows the store lacks; with `restore`, it is given them."""
    count = 0
    for row_ids, vectors in snapshot.row_blocks():
        present = store.has(row_ids)
        lost = {row: place for place, row in enumerate(row_ids) if row not in present}
        if lost and restore:
            store.put(list(lost), vectors[list(lost.values())])
        count += len(lost)
    return count


def orphans(store: VectorStore, snapshot: Snapshot) -> list[str]:
    """Rows in the store that no committed document has, sorted."""
    row_ids = sorted(store.row_ids())
    places = RowPlaces(snapshot.row_ids).find(row_ids)
    return [row for row, place in zip(row_ids, places, strict=True) if place < 0]
