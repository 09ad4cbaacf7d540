"""Recall at a cut-off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.metrics.ranking import positives


def recall(ranking: Sequence[str], relevance: Mapping[str, int], *, cutoff: int) -> float | None:
    """Share of the relevant ids that are among the first `cutoff`.

        recall@k = |relevant ids in ranks 1..k| / |relevant ids|

    Returns:
        In [0, 1]; None when nothing is relevant: such a question is left out of the mean.

    Source: trec_eval's recall_k; Manning et al., "Introduction to Information Retrieval", ch. 8.
    """
    relevant = positives(relevance)
    if not relevant:
        return None
    return len(relevant.intersection(ranking[:cutoff])) / len(relevant)
