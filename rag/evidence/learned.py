"""Small linear models whose weights are data: `rag/data/ranking.json`, made by `lab/training/`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.package_data import DATA

_FILE = DATA / "ranking.json"


@dataclass(frozen=True, slots=True)
class Linear:
    """score = bias + sum over features of weight * (value - mean) / scale."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float = 0.0

    def scores(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n, len(names)) features to (n,) scores; a logit where the model was fitted as one."""
        standard = (features - np.asarray(self.mean)) / np.asarray(self.scale)
        return np.asarray(standard @ np.asarray(self.weight) + self.bias)

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """(n,) in [0, 1]: the logistic function of the scores."""
        return np.asarray(1.0 / (1.0 + np.exp(-self.scores(features))))


@cache
def load(name: str, expected: tuple[str, ...], *, file: Path = _FILE) -> Linear:
    """A model by name.

    Args:
        name: its key in the file.
        expected: the features that the caller computes, in order.
        file: that holds it.

    Raises:
        ValueError: the file was made for other features.
    """
    entry = json.loads(file.read_text(encoding="utf-8"))[name]
    if tuple(entry["names"]) != expected:
        raise ValueError(f"{file.name}: {name!r} was fitted to other features; train it again")
    return Linear(
        names=tuple(entry["names"]),
        mean=tuple(entry["mean"]),
        scale=tuple(entry["scale"]),
        weight=tuple(entry["weight"]),
        bias=float(entry["bias"]),
    )
