"""The same questions under other conditions: are the answers the same, and as right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from eval.metrics.consistency import paper_overlap, text_overlap
from eval.metrics.robustness import fail_safe, grounding, robustness
from eval.scores.scoring import Scored


@dataclass(frozen=True, slots=True)
class Consistency:
    """How alike the answers of two runs are, each in [0, 1], over the questions both answered."""

    same_outcome: float
    paper_overlap: float
    text_overlap: float
    count: int


@dataclass(frozen=True, slots=True)
class FailSafe:
    """What a set of perturbed runs says; None where no run of that sort was given.

    Attributes:
        robustness: mean over the questions of the worst score under any perturbation that leaves
            the question answerable.
        grounding: share of the questions left unanswered once their papers are gone.
        together: the weighted harmonic mean of both, grounding weighing more.
        count: questions that all the runs have.
    """

    robustness: float | None
    grounding: float | None
    together: float | None
    count: int


def consistency(pairs: Sequence[tuple[Scored, Scored]]) -> Consistency | None:
    """Compare the answers of two runs, question by question; None when none is on both sides."""
    both = [
        (one.record.answer, other.record.answer)
        for one, other in pairs
        if one.record.answer is not None and other.record.answer is not None
    ]
    if not both:
        return None
    count = len(both)
    papers = [(_titles(one), _titles(other)) for one, other in both]
    return Consistency(
        same_outcome=sum(one["outcome"] == other["outcome"] for one, other in both) / count,
        paper_overlap=fsum(paper_overlap(one, other) for one, other in papers) / count,
        text_overlap=fsum(text_overlap(one["text"], other["text"]) for one, other in both) / count,
        count=count,
    )


def fail_safe_figures(
    plain: Sequence[Scored], perturbed: Mapping[str, Sequence[Scored]], *, missing: str = "missing"
) -> FailSafe:
    """Robustness and grounding of a run, from runs of the same questions perturbed.

    Only answerable questions count, and only those that no run failed on.

    Args:
        plain: the run as it is.
        perturbed: name of the perturbation -> the run under it.
        missing: the perturbation that takes the gold papers away.
    """
    runs = {"": plain, **perturbed}
    by_id = {
        name: {one.question.question_id: one for one in scored if one.row.get("failed") == 0.0}
        for name, scored in runs.items()
    }
    common = [
        name
        for name, one in by_id[""].items()
        if one.question.answerable and all(name in found for found in by_id.values())
    ]
    scores = {
        name: [by_id[name][question].row["score"] or 0.0 for question in common]
        for name in runs
        if name != missing
    }
    gone = [by_id[missing][name].row["abstained"] == 1.0 for name in common if missing in by_id]
    worst = robustness(scores) if len(scores) > 1 else None
    grounded = grounding(gone)
    return FailSafe(
        robustness=worst,
        grounding=grounded,
        together=fail_safe(worst, grounded),
        count=len(common),
    )


def _titles(answer: Mapping[str, object]) -> list[str]:
    sources = answer["sources"]
    return [source["title"] for source in sources] if isinstance(sources, list) else []
