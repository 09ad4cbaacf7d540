"""Limits and shares that `lab.training.evidence` chooses and prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lab.training.fitting import fit_logistic
from rag.evidence.learned import Linear

PRECISION = 0.95
"""Of denials."""
DECAY = 1e-2
Floats = NDArray[np.float64]


def is_strange(one: dict[str, Any]) -> bool:
    """Whether a measured line is of a question by `lab.training.strangers`."""
    return "words" in one


def weighted_fit(table: Floats, right: Floats, weight: NDArray[np.int64]) -> dict[str, Any]:
    """A logistic regression in which each row counts as often as it says."""
    return fit_logistic(np.repeat(table, weight, 0), np.repeat(right, weight), decay=DECAY)


def lowest_limit(chances: Floats, right: Floats, most: float) -> float:
    """Where most unanswerable are caught, less the answerable that are lost, at most `most`."""
    yes, no = np.sort(chances[right > 0]), chances[right == 0]
    steps = [0.0, *yes[: int(most * len(yes)) + 1]]
    gains = [float((no < step).mean() - (yes < step).mean()) for step in steps]
    return float(steps[int(np.argmax(gains))])


def precise(chances: Floats, right: Floats) -> float:
    """The lowest limit above which `PRECISION` of all are right."""
    order = np.argsort(-chances, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share >= PRECISION)
    return float(chances[order[good[-1]]]) if len(good) else 1.0


def is_first(scores: Floats, right: Sequence[float], k: int) -> bool:
    """Whether a right one is among the best k."""
    return bool(np.asarray(right)[np.argsort(-scores, kind="stable")[:k]].any())


def sentences_held(scores: Floats, right: Sequence[float]) -> int:
    """How many sentences it takes until their shares sum to .99, at most three."""
    shares = np.sort(np.exp(scores - scores.max()))[::-1]
    return min(3, int(np.searchsorted(np.cumsum(shares / shares.sum()), 0.99)) + 1)


def list_f1(listed: Floats, wanted: int) -> float:
    """F1 of what is listed, (n,) in {0, .5, 1}; what may belong counts neither way."""
    counted = listed[listed != 0.5]
    return 2 * float((counted == 1.0).sum()) / (len(counted) + wanted)


def as_linear(entry: dict[str, Any]) -> Linear:
    """A model as it is written down."""
    names, mean, scale, weight = (tuple(entry[k]) for k in ("names", "mean", "scale", "weight"))
    return Linear(names, mean, scale, weight, entry["bias"])
