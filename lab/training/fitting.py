"""Fitting small linear models by full-batch gradient descent: convex, so no seed is needed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def standardise(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and scale of every column; a constant column gets scale 1."""
    scale = rows.std(axis=0)
    return rows.mean(axis=0), np.where(scale > 1e-9, scale, 1.0)


def fit_listwise(
    groups: Sequence[tuple[Floats, Floats]],
    *,
    decay: float = 1e-3,
    steps: int = 600,
    towards: Floats | None = None,
) -> dict[str, Any]:
    """Weights under which the right rows of each group come first.

    Loss: minus the log of the probability, by softmax over the group, of any right row
    (Cao et al. 2007, "Learning to Rank: From Pairwise Approach to Listwise Approach").

    Args:
        groups: (features (m, k), right (m,) of 0 and 1 with at least one 1) each.
        decay: of the squared weights, or of how far they are from `towards`.
        steps: of gradient descent with momentum.
        towards: (k,) weights of the features as they are, not standardised; None: of nothing.
    """
    mean, scale = standardise(np.vstack([features for features, _ in groups]))
    rows = np.vstack([(features - mean) / scale for features, _ in groups])
    right = np.concatenate([labels for _, labels in groups])
    starts = np.cumsum([0] + [len(labels) for _, labels in groups])[:-1]
    group = np.repeat(np.arange(len(groups)), [len(labels) for _, labels in groups])
    start = np.zeros(rows.shape[1]) if towards is None else towards * scale
    weight = start
    velocity = np.zeros_like(weight)
    for _ in range(steps):
        scores = rows @ weight
        scores -= np.maximum.reduceat(scores, starts)[group]
        mass = np.exp(scores)
        share = mass / np.add.reduceat(mass, starts)[group]
        of_right = mass * right
        target = of_right / np.add.reduceat(of_right, starts)[group]
        gradient = rows.T @ (share - target) / len(groups) + decay * (weight - start)
        velocity = 0.9 * velocity - 0.3 * gradient
        weight = weight + velocity
    return _entry(mean, scale, weight, 0.0)


def fit_logistic(
    rows: Floats,
    labels: Floats,
    *,
    decay: float = 1e-3,
    steps: int = 1500,
    balanced: bool = True,
) -> dict[str, Any]:
    """Weights and bias of a logistic regression; `balanced` weighs the classes equally."""
    mean, scale = standardise(rows)
    standard = np.hstack([(rows - mean) / scale, np.ones((len(rows), 1))])
    share = labels.mean() if balanced else 0.5
    balance = np.where(labels > 0, 0.5 / share, 0.5 / (1 - share)) / len(labels)
    weight = np.zeros(standard.shape[1])
    velocity = np.zeros_like(weight)
    for _ in range(steps):
        error = (1 / (1 + np.exp(-standard @ weight)) - labels) * balance
        penalty = decay * np.append(weight[:-1], 0.0)
        velocity = 0.9 * velocity - 0.5 * (standard.T @ error + penalty)
        weight = weight + velocity
    return _entry(mean, scale, weight[:-1], float(weight[-1]))


def auc(scores: Floats, labels: Floats) -> float:
    """The chance that a right one scores above a wrong one (Mann-Whitney)."""
    ranks = np.argsort(np.argsort(scores, kind="stable"), kind="stable") + 1.0
    right = labels > 0
    count = int(right.sum())
    others = len(labels) - count
    return float((ranks[right].sum() - count * (count + 1) / 2) / (count * others))


def _entry(mean: Floats, scale: Floats, weight: Floats, bias: float) -> dict[str, Any]:
    def plain(values: Floats) -> list[float]:
        return [round(float(value), 6) for value in values]

    return {
        "mean": plain(mean),
        "scale": plain(scale),
        "weight": plain(weight),
        "bias": round(bias, 6),
    }
