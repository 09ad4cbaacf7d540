"""From scores to a ranking, with ties broken as trec_eval breaks them."""

from __future__ import annotations

from collections.abc import Mapping


def ranked(scores: Mapping[str, float]) -> tuple[str, ...]:
    """Ids by score, best first; equal scores by id, descending.

    The second rule is trec_eval's. It looks odd and matters: a run with ties has a different
    nDCG under any other, and figures could not be compared with published ones.

    Source: https://github.com/usnistgov/trec_eval (form_res_rels.c).
    """
    return tuple(sorted(scores, key=lambda name: (scores[name], name), reverse=True))


def positives(relevance: Mapping[str, int]) -> frozenset[str]:
    """The relevant ids: those judged above 0."""
    return frozenset(name for name, grade in relevance.items() if grade > 0)
