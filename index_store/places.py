"""Where the rows of a generation are, by id."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index_store.documents import ROW_ID_BYTES


class RowPlaces:
    """Row id to place in the table of a generation: sorted once, then binary searches.

    Sorted by the first half of an id only (numbers sort faster than bytes). The other half is
    compared, so two ids that share 64 bits can make a row not found, never a wrong one.
    """

    def __init__(self, row_ids: NDArray[np.uint8]) -> None:
        """Sort the ids, (r, 16) uint8."""
        halves = np.ascontiguousarray(row_ids).view(np.uint64)
        self._order = np.argsort(halves[:, 0], kind="stable")
        self._sorted = halves[self._order]

    def find(self, row_ids: Sequence[str]) -> NDArray[np.int64]:
        """(k,) int64: the place of each row, -1 for those that are not there."""
        if not len(row_ids) or not len(self._sorted):
            return np.full(len(row_ids), -1, dtype=np.int64)
        raw = np.frombuffer(bytes.fromhex("".join(row_ids)), dtype=np.uint8)
        wanted = raw.reshape(-1, ROW_ID_BYTES).view(np.uint64)
        at = np.searchsorted(self._sorted[:, 0], wanted[:, 0])
        at = np.minimum(at, len(self._sorted) - 1)
        same = (self._sorted[at] == wanted).all(axis=1)
        return np.where(same, self._order[at], -1)
