"""Average precision; its mean over questions is MAP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics.ranking import positives


def average_precision(
    ranking: Sequence[str], relevance: Mapping[str, int], *, cutoff: int | None = None
) -> float | None:
    """Mean, over the relevant ids, of the precision at the rank of each; 0 for one not ranked.

        AP = (1 / R) * sum over ranks i holding a relevant id of (relevant ids in 1..i) / i

    Args:
        ranking: ids, best first.
        relevance: id -> grade; above 0 is relevant.
        cutoff: ranks looked at; None looks at all. R stays the number of all relevant ids.

    Returns:
        In [0, 1]; None when nothing is relevant.

    Source: trec_eval's map and map_cut; Manning et al., "Introduction to Information
    Retrieval", ch. 8.
    """
    relevant = positives(relevance)
    if not relevant:
        return None
    found, total = 0, 0.0
    for rank, name in enumerate(ranking[:cutoff], start=1):
        if name in relevant:
            found += 1
            total += found / rank
    return total / len(relevant)
