"""Reciprocal rank; its mean over questions is MRR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics.ranking import positives


def reciprocal_rank(
    ranking: Sequence[str], relevance: Mapping[str, int], *, cutoff: int | None = None
) -> float | None:
    """One over the rank of the first relevant id, 0 when none is ranked.

        RR = 1 / min{i : ranking[i] is relevant}

    Args:
        ranking: ids, best first.
        relevance: id -> grade; above 0 is relevant.
        cutoff: ranks looked at; None looks at all.

    Returns:
        In [0, 1]; None when nothing is relevant.

    Source: Voorhees, "The TREC-8 Question Answering Track Report", 1999.
    """
    relevant = positives(relevance)
    if not relevant:
        return None
    for rank, name in enumerate(ranking[:cutoff], start=1):
        if name in relevant:
            return 1 / rank
    return 0.0
