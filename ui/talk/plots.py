"""Numbers to look at instead of reading: papers per year, and where each paper lies on a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.types import Paper

# t-SNE costs more than linear time; larger corpora are laid out by their two main directions.
NEIGHBOUR_LIMIT = 3000
# A browser draws and moves so many points without effort.
SHOWN_LIMIT = 2000
_PERPLEXITY = 30.0
_SEED = 0


@dataclass(frozen=True, slots=True)
class Point:
    """A paper on the map; `x` and `y` in [0, 1]."""

    paper_id: str
    title: str
    x: float
    y: float


def papers_per_year(papers: Iterable[Paper]) -> list[tuple[int, int]]:
    """How many papers each year has, from the first to the last, years without any included."""
    counts = Counter(paper.year for paper in papers if paper.year is not None)
    if not counts:
        return []
    return [(year, counts[year]) for year in range(min(counts), max(counts) + 1)]


def coordinates(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """A place in the plane for each vector, so that near ones mean near things.

    Args:
        vectors: (n, dim) float32, one a paper.

    Returns:
        (n, 2) in [0, 1]; the same vectors give the same places.

    Source: t-SNE (van der Maaten and Hinton 2008) with PCA first, as in scikit-learn.
    """
    count = len(vectors)
    if count < 3:
        return np.full((count, 2), 0.5) + np.arange(count)[:, None] * 0.2
    from sklearn.decomposition import PCA  # type: ignore[import-untyped]
    from sklearn.manifold import TSNE  # type: ignore[import-untyped]

    if count > NEIGHBOUR_LIMIT:
        placed = PCA(n_components=2, svd_solver="randomized", random_state=_SEED).fit_transform(
            vectors
        )
    else:
        placed = TSNE(
            n_components=2,
            perplexity=min(_PERPLEXITY, (count - 1) / 3),
            init="pca",
            random_state=_SEED,
        ).fit_transform(np.asarray(vectors, dtype=np.float32))
    low, high = placed.min(axis=0), placed.max(axis=0)
    return np.asarray((placed - low) / np.maximum(high - low, 1e-9), dtype=np.float64)


def kept_coordinates(
    path: Path, *, fingerprint: str, vectors: Callable[[], NDArray[np.float32]]
) -> NDArray[np.float64]:
    """The places of an index, computed once and kept in `path` until the index changes.

    Args:
        path: a .npz file; made when it is not there, replaced when it is of another index.
        fingerprint: of the index.
        vectors: gives (n, dim) float32, called only when there is something to compute.
    """
    if path.exists():
        with np.load(path) as kept:
            if str(kept["fingerprint"]) == fingerprint:
                return np.asarray(kept["places"], dtype=np.float64)
    places = coordinates(vectors())
    partial = path.with_name(path.stem + ".partial.npz")
    np.savez(partial, places=places, fingerprint=np.asarray(fingerprint))
    partial.replace(path)
    return places


def shown_points(points: Sequence[Point], marked: Iterable[str]) -> list[Point]:
    """At most `SHOWN_LIMIT` points, evenly taken, the marked ones always and last (on top)."""
    wanted = set(marked)
    others = [point for point in points if point.paper_id not in wanted]
    step = max(1, -(-len(others) // SHOWN_LIMIT))
    return others[::step] + [point for point in points if point.paper_id in wanted]


def spread(
    places: Sequence[tuple[float, float]], *, apart: float, rounds: int = 60
) -> list[tuple[float, float]]:
    """The places moved as little as it takes for none to cover another, so that each can be hit.

    Args:
        places: x and y of each, in any unit.
        apart: the least distance wanted, in that unit.
        rounds: at most so many passes; a crowd may stay a little closer.
    """
    moved = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    # Two at one place have no direction to part in; a turn of the golden angle gives each its own.
    angles = np.arange(len(moved)) * 2.39996
    moved = moved + 1e-3 * apart * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for _ in range(rounds):
        gaps = moved[:, None, :] - moved[None, :, :]
        distances = np.linalg.norm(gaps, axis=2)
        np.fill_diagonal(distances, np.inf)
        short = np.clip(apart - distances, 0, None) / 2
        if not short.any():
            break
        moved = moved + (gaps / distances[:, :, None] * short[:, :, None]).sum(axis=1)
    return [(float(x), float(y)) for x, y in moved]
