"""Token ids in batches, and as many as can be afforded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def batches(rows: Sequence[list[int]], places: Sequence[int], *, most: int) -> list[list[int]]:
    """Places of like length together, so many that their padded tokens are `most` at the most.

    What shares a batch is settled by the rows alone, in whatever order they come.
    """
    told: list[list[int]] = []
    for i in sorted(places, key=lambda i: (len(rows[i]), rows[i])):
        room = most // max(1, len(rows[i]))
        if not told or len(told[-1]) >= room:
            told.append([])
        told[-1].append(i)
    return told


def affordable(lengths: Sequence[int], *, tokens: int) -> int:
    """How many of the first rows hold no more than so many tokens; one, if there is any."""
    fit = int((np.cumsum(lengths) <= tokens).sum())
    return max(fit, min(1, len(lengths)))
