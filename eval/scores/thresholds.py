"""What the run would have been with an abstention threshold that has not seen the question.

A threshold that was fitted on the very questions that it is reported on flatters. Here it is
fitted again in every fold, from the raw records, on the other folds only.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from eval.scores.figures import Row
from eval.scores.scoring import Scored

FOLDS = 5
_COST = ("seconds_first", "seconds_total", "peak_mb")


@dataclass(frozen=True, slots=True)
class CrossValidated:
    """A run under thresholds fitted on other questions.

    Attributes:
        scored: the questions, each under the threshold of the folds that it is not in.
        thresholds: one a fold.
        in_sample: the one fitted on all questions, which is what the cross-validation corrects.
        scored_in_sample: the questions under that one.
    """

    scored: tuple[Scored, ...]
    thresholds: tuple[float, ...]
    in_sample: float
    scored_in_sample: tuple[Scored, ...]


def cross_validated(
    scored: Sequence[Scored], *, folds: int = FOLDS, seed: int = 0
) -> CrossValidated | None:
    """Fit the abstention threshold on `confidence` in each fold's complement, and apply it there.

    Records hold what was answered; so a threshold can silence an answer, and cannot make one of
    silence. To fit over the whole range, make the run with the system's own gates off.

    Args:
        scored: a scored run.
        folds: how many; the types of question are spread evenly over them.
        seed: of the assignment to folds.

    Returns:
        None when no answer has a confidence, or there are fewer questions than folds.
    """
    usable = [one for one in scored if one.row.get("confidence") is not None]
    if len(usable) < folds:
        return None
    fold_of = _folds(usable, folds=folds, seed=seed)
    thresholds = []
    moved: dict[str, Scored] = {}
    for fold in range(folds):
        train = [one for one in usable if fold_of[one.question.question_id] != fold]
        threshold = best_threshold([one.row for one in train])
        thresholds.append(threshold)
        for one in usable:
            if fold_of[one.question.question_id] == fold:
                moved[one.question.question_id] = _under(one, threshold)
    in_sample = best_threshold([one.row for one in usable])
    return CrossValidated(
        scored=tuple(moved.get(one.question.question_id, one) for one in scored),
        thresholds=tuple(thresholds),
        in_sample=in_sample,
        scored_in_sample=tuple(_under(one, in_sample) for one in scored),
    )


def best_threshold(rows: Sequence[Row]) -> float:
    """The threshold with the highest mean score; of equally good ones the middle of the lowest run.

    The candidates lie half-way between neighbouring confidences, and 0 (nothing is silenced).
    """
    confidences = sorted({row["confidence"] or 0.0 for row in rows})
    middles = [(low + high) / 2 for low, high in pairwise(confidences)]
    candidates = [0.0, *middles]
    totals = [sum(_score_under(row, threshold) for row in rows) for threshold in candidates]
    best = max(totals)
    first = totals.index(best)
    last = first
    while last + 1 < len(totals) and totals[last + 1] == best:
        last += 1
    return 0.0 if first == 0 else candidates[(first + last) // 2]


def _score_under(row: Row, threshold: float) -> float:
    if (row["confidence"] or 0.0) >= threshold:
        return row["score"] or 0.0
    return row["unanswerable"] or 0.0


def _under(one: Scored, threshold: float) -> Scored:
    """The question as it would be scored had answers below the threshold been withheld."""
    row = one.row
    confidence = row.get("confidence")
    if confidence is None or confidence >= threshold or row["abstained"] == 1.0:
        return one
    kept = ("failed", "unanswerable", "shape_right", "confidence", *_COST)
    silent: dict[str, float | None] = {name: row.get(name) for name in kept}
    answerable = row["unanswerable"] == 0.0
    silent |= {
        "abstained": 1.0,
        "score": row["unanswerable"],
        "score_at_any_length": row["unanswerable"],
        "over_refusal": 1.0 if answerable else None,
        "abstention_recall": None if answerable else 1.0,
        "right_as_answer": 0.0,
        **dict.fromkeys(_lost(row), 0.0),
    }
    return replace(one, row=silent)


def _lost(row: Row) -> list[str]:
    """Figures that silence sets to 0 where they are defined."""
    names = ("gold_recall", "equivalence", "cited_f1", "cited_recall")
    return [name for name in names if row.get(name) is not None]


def _folds(scored: Sequence[Scored], *, folds: int, seed: int) -> dict[str, int]:
    """question_id -> fold, each type of question dealt out evenly after a shuffle."""
    shuffled = list(scored)
    random.Random(seed).shuffle(shuffled)
    shuffled.sort(key=lambda one: one.question.type)
    return {one.question.question_id: place % folds for place, one in enumerate(shuffled)}
