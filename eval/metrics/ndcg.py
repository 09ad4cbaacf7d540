"""Normalised discounted cumulative gain at a cut-off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import log2


def ndcg(ranking: Sequence[str], relevance: Mapping[str, int], *, cutoff: int) -> float | None:
    """DCG of the first `cutoff` ids over the DCG of the best possible order.

        DCG@k = sum over ranks i = 1..k of max(grade(i), 0) / log2(i + 1)

    The gain is the grade itself, as in trec_eval's ndcg_cut; ids that nobody judged gain 0.

    Args:
        ranking: ids, best first, no duplicates.
        relevance: id -> grade; above 0 is relevant.
        cutoff: ranks looked at, at least 1.

    Returns:
        In [0, 1]; None when nothing is relevant.

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
    ACM TOIS 20(4), 2002.
    """
    best = _gain(sorted(relevance.values(), reverse=True)[:cutoff])
    if best == 0.0:
        return None
    return _gain(relevance.get(name, 0) for name in ranking[:cutoff]) / best


def _gain(grades: Iterable[int]) -> float:
    return sum(max(grade, 0) / log2(rank + 1) for rank, grade in enumerate(grades, start=1))
