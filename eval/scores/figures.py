"""The figures: what is measured of a run, what each is called, and which way is better.

A figure is the mean over questions of what `scoring` measured of each, or, with a `statistic`, a
figure of the whole set. Questions for which it is not defined are left out and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from eval.metrics.abstention import Abstention, abstention
from eval.metrics.calibration import calibration_error
from eval.metrics.conciseness import verbosity_compensation
from eval.metrics.cost import quantile
from eval.metrics.over_refusal import over_refusal
from eval.metrics.prudence import honesty, prudence
from eval.metrics.risk_coverage import aurc

Row = Mapping[str, float | None]
"""What was measured of one question: name -> value, None where it is not defined."""

Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a report.

    Attributes:
        name: the key in scores.json.
        title: as it is shown.
        group: the heading under which it is shown.
        better: which way is better.
        unit: "share" for what is in [0, 1]; else the unit's name.
        gated: whether `compare` fails on a significant change for the worse.
        judged: whether it rests on the support check, whose agreement is then shown beside it.
        statistic: the figure of a set of rows; None: the mean of their values of this name.
    """

    name: str
    title: str
    group: str
    better: Better = "higher"
    unit: str = "share"
    gated: bool = False
    judged: bool = False
    statistic: Callable[[Sequence[Row]], float | None] | None = None


def value_of(figure: Figure, rows: Sequence[Row]) -> float | None:
    """The figure of a set of questions; None where it is not defined."""
    if figure.statistic is not None:
        return figure.statistic(rows)
    values = values_of(figure.name, rows)
    return fsum(values) / len(values) if values else None


def values_of(name: str, rows: Sequence[Row]) -> list[float]:
    """The values of the questions for which it is defined."""
    return [value for row in rows if (value := row.get(name)) is not None]


def _flags(rows: Sequence[Row], name: str) -> list[bool]:
    return [row.get(name) == 1.0 for row in rows]


def _asked(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.get("abstained") is not None]


def _abstention(rows: Sequence[Row]) -> Abstention:
    asked = _asked(rows)
    return abstention(_flags(asked, "abstained"), _flags(asked, "unanswerable"))


def _prudence(rows: Sequence[Row]) -> float | None:
    asked = _asked(rows)
    known = [not flag for flag in _flags(asked, "unanswerable")]
    right = [row.get("score") == 1.0 and row.get("abstained") == 0.0 for row in asked]
    return prudence(_flags(asked, "abstained"), right, known)


def _over_refusal(rows: Sequence[Row]) -> float | None:
    asked = _asked(rows)
    known = [not flag for flag in _flags(asked, "unanswerable")]
    return over_refusal(_flags(asked, "abstained"), known)


def _honesty(rows: Sequence[Row]) -> float | None:
    return honesty(_prudence(rows), _over_refusal(rows))


def confident(rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """(confidences, how right the answer itself is), for questions with a confidence.

    A silent answer is not a right answer, whatever the question: the curve asks how far the
    confidence tells answers that are worth showing from those that are not.
    """
    kept = [row for row in rows if row.get("confidence") is not None]
    return values_of("confidence", kept), values_of("right_as_answer", kept)


def _aurc(rows: Sequence[Row]) -> float | None:
    return aurc(*confident(rows))


def _calibration(rows: Sequence[Row]) -> float | None:
    return calibration_error(*confident(rows))


def _verbosity(rows: Sequence[Row]) -> float | None:
    limited = [row for row in rows if row.get("verbose") is not None]
    found = verbosity_compensation(_flags(limited, "verbose"), values_of("score", limited))
    return found.gap if found is not None else None


def _median(name: str) -> Callable[[Sequence[Row]], float | None]:
    return lambda rows: quantile(values_of(name, rows), 0.5)


def _upper(name: str, share: float) -> Callable[[Sequence[Row]], float | None]:
    return lambda rows: quantile(values_of(name, rows), share)


FIGURES: tuple[Figure, ...] = (
    Figure("score", "right, or F1 of papers", "answers", gated=True),
    Figure("score_at_any_length", "the same at any length", "answers"),
    Figure("gold_recall", "gold answers shown", "answers"),
    Figure("equivalence", "gold answers said, in any words", "answers"),
    Figure("k_precision", "K-precision", "answers"),
    Figure("within_lengths", "within the lengths", "answers"),
    Figure("conciseness", "conciseness", "answers"),
    Figure("shape_right", "shape right", "answers"),
    Figure("words", "words", "answers", better="neither", unit="words"),
    Figure(
        "verbosity_gap",
        "concise minus verbose",
        "answers",
        better="neither",
        unit="difference",
        statistic=_verbosity,
    ),
    Figure("judge_equivalence", "gold answers said, by a model **", "answers"),
    Figure("judge_rating", "rating by a model **", "answers"),
    Figure("cited_f1", "F1 of cited papers", "papers cited", gated=True),
    Figure("cited_precision", "precision of cited papers", "papers cited"),
    Figure("cited_recall", "recall of cited papers", "papers cited"),
    Figure("ndcg@10", "nDCG@10", "retrieval", gated=True),
    Figure("recall@10", "recall@10", "retrieval"),
    Figure("r_precision", "R-precision", "retrieval"),
    Figure("mrr", "MRR", "retrieval"),
    Figure("map", "MAP", "retrieval"),
    Figure("citation_recall", "citation recall (ALCE)", "citations", gated=True, judged=True),
    Figure("citation_precision", "citation precision (ALCE)", "citations", gated=True, judged=True),
    Figure("claims_cited", "claims with a citation", "citations", gated=True),
    Figure("markers_valid", "markers valid", "citations", gated=True),
    Figure("quotes_exact", "quotes exact", "citations", gated=True),
    Figure("written_share", "claims in the model's words", "citations", better="neither"),
    Figure("over_refusal", "answerable but silent", "honesty", "lower", gated=True),
    Figure(
        "abstention_precision",
        "silence: precision",
        "honesty",
        statistic=lambda rows: _abstention(rows).precision,
    ),
    Figure("abstention_recall", "silence: recall", "honesty"),
    Figure("abstention_f1", "silence: F1", "honesty", statistic=lambda rows: _abstention(rows).f1),
    Figure("prudence", "prudence", "honesty", statistic=_prudence),
    Figure("honesty", "honesty", "honesty", statistic=_honesty),
    Figure("aurc", "AURC", "honesty", "lower", statistic=_aurc),
    Figure("calibration_error", "ECE", "honesty", "lower", statistic=_calibration),
    Figure("failed", "failed", "cost", "lower", gated=True),
    Figure(
        "seconds_first",
        "seconds to first evidence, median",
        "cost",
        "lower",
        unit="seconds",
        statistic=_median("seconds_first"),
    ),
    Figure(
        "seconds_total",
        "seconds to the whole answer, median",
        "cost",
        "lower",
        unit="seconds",
        statistic=_median("seconds_total"),
    ),
    Figure(
        "seconds_total_p95",
        "the same, 95th percentile",
        "cost",
        "lower",
        unit="seconds",
        statistic=_upper("seconds_total", 0.95),
    ),
    Figure("tokens", "tokens, mean", "cost", "lower", unit="tokens"),
    Figure(
        "peak_mb",
        "peak memory, MiB",
        "cost",
        better="neither",  # of the process so far: no question's own
        unit="MiB",
        statistic=_upper("peak_mb", 1.0),
    ),
)

BY_NAME: Mapping[str, Figure] = {figure.name: figure for figure in FIGURES}

INVARIANTS: tuple[str, ...] = ("claims_cited", "markers_valid", "quotes_exact")
"""Figures that the contract fixes at 1: any loss is a fault, however few questions show it."""
