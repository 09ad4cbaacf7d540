"""Precision at the number of relevant ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics.ranking import positives


def r_precision(ranking: Sequence[str], relevance: Mapping[str, int]) -> float | None:
    """Share of the first R ids that are relevant, R being the number of relevant ids.

        Rprec = |relevant ids in ranks 1..R| / R

    A ranking shorter than R is not forgiven: the missing ranks count as wrong.

    Returns:
        In [0, 1]; None when nothing is relevant.

    Source: trec_eval's Rprec; Buckley and Voorhees, "Retrieval evaluation with incomplete
    information", SIGIR 2004.
    """
    relevant = positives(relevance)
    if not relevant:
        return None
    return len(relevant.intersection(ranking[: len(relevant)])) / len(relevant)
