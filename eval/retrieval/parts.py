"""What each part of search finds alone: whether fusing them is worth it on a corpus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.evidence.paper_features import scaled
from rag.language.words import content

if TYPE_CHECKING:
    from rag.evidence.retrieval import Retriever

PARTS = ("whole abstract", "best sentence", "BM25", "their sum")


def part_rankings(
    retriever: Retriever, queries: Mapping[str, str], *, k: int
) -> dict[str, dict[str, Mapping[str, float]]]:
    """Rankings by each score alone, and by the plain sum of all three, each scaled to [0, 1].

    No understanding and no learned ranking has a hand in them: cosine with the whole abstract,
    cosine with the best sentence, and BM25, as they come from the index.

    Args:
        retriever: over the index.
        queries: query id -> text.
        k: documents kept of each ranking.

    Returns:
        name of the part -> query id -> document id -> score.
    """
    snapshot = retriever.corpus.snapshot
    ids = snapshot.document_ids
    found: dict[str, dict[str, Mapping[str, float]]] = {name: {} for name in PARTS}
    vectors = retriever.encoder.ask(list(queries.values()))
    for (query, text), vector in zip(queries.items(), vectors, strict=True):
        lexical = snapshot.lexical(content(text))
        best = np.argsort(-lexical, kind="stable")[:k]
        dense = snapshot.dense(vector, also=[int(place) for place in best])
        total = scaled(dense.whole) + scaled(dense.sentence) + scaled(lexical)
        scores = (dense.whole, dense.sentence, lexical, total)
        for name, one in zip(PARTS, scores, strict=True):
            found[name][query] = _first(ids, one, k=k)
    return found


def _first(ids: Sequence[str], scores: NDArray[np.float32], *, k: int) -> dict[str, float]:
    order = np.argsort(-scores, kind="stable")[:k]
    return {ids[place]: float(scores[place]) for place in order}
