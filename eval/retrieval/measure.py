"""How good search is on a benchmark with judged queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics.average_precision import average_precision
from eval.metrics.ndcg import ndcg
from eval.metrics.r_precision import r_precision
from eval.metrics.ranking import positives, ranked
from eval.metrics.recall import recall
from eval.metrics.reciprocal_rank import reciprocal_rank
from eval.retrieval.beir import BeirFolder
from eval.scores.summary import Value
from eval.statistics.resampling import mean_interval

Search = Callable[[str], Mapping[str, float]]
"""A query's text -> the ids that search found, with their scores."""

Metric = Callable[[Sequence[str], Mapping[str, int]], float | None]
Rankings = Mapping[str, Mapping[str, float]]
"""query id -> document id -> score."""


@dataclass(frozen=True, slots=True)
class RetrievalFigures:
    """What a run of all queries is worth.

    Attributes:
        figures: name -> mean with interval; queries without a relevant document are left out.
        queries: that were searched for.
        without_positives: of these, how many have no relevant document.
        missing: relevant documents that the index does not hold: they count as not found.
    """

    figures: Mapping[str, Value]
    queries: int
    without_positives: int
    missing: int


def search_all(
    folder: BeirFolder,
    search: Search,
    *,
    limit: int | None = None,
    progress: Callable[[], None] = lambda: None,
) -> dict[str, Mapping[str, float]]:
    """Search for every judged query, or the first `limit` of them."""
    rankings = {}
    for name, text in list(folder.queries.items())[:limit]:
        rankings[name] = search(text)
        progress()
    return rankings


def measure_rankings(
    rankings: Rankings,
    relevance: Mapping[str, Mapping[str, int]],
    *,
    depth: int,
    indexed: frozenset[str] | None = None,
) -> RetrievalFigures:
    """The retrieval metrics over all queries.

    Args:
        rankings: what was found.
        relevance: the judgements.
        depth: how many documents were asked for: the deeper recall is at this cut.
        indexed: ids that the index holds; None does not look.
    """
    judged = {name: relevance.get(name, {}) for name in rankings}
    orders = {name: ranked(scores) for name, scores in rankings.items()}
    figures = {}
    for title, metric in _metrics(depth).items():
        found = [metric(orders[name], judged[name]) for name in rankings]
        values = [value for value in found if value is not None]
        figures[title] = Value(
            value=sum(values) / len(values) if values else None,
            interval=mean_interval(values),
            count=len(values),
            left_out=len(found) - len(values),
        )
    wanted = frozenset[str]().union(*(positives(grades) for grades in judged.values()))
    return RetrievalFigures(
        figures=figures,
        queries=len(rankings),
        without_positives=sum(not positives(grades) for grades in judged.values()),
        missing=len(wanted - indexed) if indexed is not None else 0,
    )


def _metrics(depth: int) -> dict[str, Metric]:
    return {
        "nDCG@10": lambda ranking, grades: ndcg(ranking, grades, cutoff=10),
        "recall@2": lambda ranking, grades: recall(ranking, grades, cutoff=2),
        "recall@10": lambda ranking, grades: recall(ranking, grades, cutoff=10),
        f"recall@{depth}": lambda ranking, grades: recall(ranking, grades, cutoff=depth),
        "R-precision": r_precision,
        "MRR": reciprocal_rank,
        "MAP": average_precision,
    }


def write_trec_run(rankings: Rankings, path: Path, *, tag: str = "quoth") -> None:
    """The rankings as a TREC run file, which other tools read.

    Spaces in ids become "_": the format has no way to write them.
    """
    with path.open("w", encoding="utf-8") as file:
        for query, scores in rankings.items():
            for rank, name in enumerate(ranked(scores), start=1):
                document = "_".join(name.split())
                file.write(f"{query} Q0 {document} {rank} {scores[name]:.6f} {tag}\n")
