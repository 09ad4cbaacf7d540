"""Rows that Chroma should have and has not, and the other way round."""

from __future__ import annotations

import numpy as np

from index_store.places import RowPlaces
from index_store.snapshot import Snapshot
from index_store.vectors import VectorStore

_ROUNDING = 1e-5  # what Chroma, which normalises what it is given, may have changed


def lost_rows(store: VectorStore, snapshot: Snapshot, *, restore: bool) -> int:
    """How many committed rows the store lacks or has wrong; with `restore`, it is given them."""
    count = 0
    for row_ids, vectors in snapshot.row_blocks():
        stored = store.fetch(row_ids)
        none = np.full(vectors.shape[1], np.nan, dtype=np.float32)
        found = np.stack([stored.get(row, none) for row in row_ids])
        right = (np.abs(found - vectors) <= _ROUNDING).all(axis=1)
        lost = {row_ids[place]: place for place in np.flatnonzero(~right).tolist()}
        if lost and restore:
            store.put(list(lost), vectors[list(lost.values())])
        count += len(lost)
    return count


def orphans(store: VectorStore, snapshot: Snapshot) -> list[str]:
    """Rows in the store that no committed document has, sorted."""
    row_ids = sorted(store.row_ids())
    places = RowPlaces(snapshot.row_ids).find(row_ids)
    return [row for row, place in zip(row_ids, places, strict=True) if place < 0]
