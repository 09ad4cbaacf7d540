"""Two runs over the same questions: what changed, and whether it is more than luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eval.scores.consistency import Consistency, consistency
from eval.scores.figures import BY_NAME, FIGURES, INVARIANTS, Figure, value_of
from eval.scores.paired import Pair, comparable, difference, differences
from eval.scores.scoring import Scored
from eval.statistics.resampling import (
    Interval,
    holm,
    least_p_value,
    mean_p_value,
    paid_for,
    statistic_p_value,
)
from rag.errors import UsageError

ALPHA = 0.05

Verdict = Literal["better", "worse", "same", ""]


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure differs between two runs, over the questions that both have.

    Attributes:
        figure: which.
        before: its value in the first run.
        after: its value in the second.
        difference: after minus before.
        interval: paired bootstrap interval of the difference.
        p_value: of the paired permutation test; adjusted for the number of gated figures if gated.
        count: questions compared.
        moved: of these, how many have another value.
        verdict: "same" unless significant; "" for figures of which neither way is better.
        regression: whether it makes `compare` fail.
    """

    figure: Figure
    before: float
    after: float
    difference: float
    interval: Interval | None
    p_value: float
    count: int
    moved: int
    verdict: Verdict
    regression: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side; `only_before` and `only_after` are questions of just one of them."""

    changes: tuple[Change, ...]
    consistency: Consistency | None
    count: int
    only_before: int
    only_after: int
    below_floor: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[Change, ...]:
        """The figures for which some question has another value."""
        return tuple(change for change in self.changes if change.moved)

    @property
    def regressed(self) -> bool:
        """Whether anything got significantly worse, or fell below a floor that was asked for."""
        return bool(self.below_floor) or any(change.regression for change in self.changes)


def compare(
    before: Sequence[Scored],
    after: Sequence[Scored],
    *,
    alpha: float = ALPHA,
    gated: Sequence[str] = (),
    floors: Mapping[str, float] | None = None,
) -> Comparison:
    """Compare two runs, question by question.

    The p-values of the gated figures are adjusted together (Holm, over the figures that moved
    enough to be significant at all: Tarone), so that of 20 comparisons of equally good systems one
    fails, however many figures are looked at. Figures that the contract fixes at 1 regress with
    any loss.

    Args:
        before: the baseline.
        after: what is judged.
        alpha: how often a false alarm is acceptable.
        gated: names of the figures that may fail; empty takes the usual ones.
        floors: figure -> the least (for "lower is better": the most) it may be in `after`.

    Raises:
        UsageError: an unknown figure, or runs without a common question.
    """
    _known([*gated, *(floors or {})])
    first = {one.question.question_id: one for one in before}
    second = {one.question.question_id: one for one in after}
    common = [name for name in first if name in second]
    if not common:
        raise UsageError("the two runs have no question in common; compare runs of one set")
    pairs = [(first[name], second[name]) for name in common]
    rows = [(one.row, other.row) for one, other in pairs]
    names = set(gated) or {figure.name for figure in FIGURES if figure.gated}
    changes = [
        change
        for figure in FIGURES
        if (change := _change(figure, rows, gated=figure.name in names)) is not None
    ]
    return Comparison(
        changes=tuple(_decide(changes, names, alpha=alpha)),
        consistency=consistency(pairs),
        count=len(common),
        only_before=len(first) - len(common),
        only_after=len(second) - len(common),
        below_floor=tuple(_below(after, floors or {})),
    )


def _known(names: Sequence[str]) -> None:
    for name in names:
        if name not in BY_NAME:
            raise UsageError(f"there is no figure {name!r}; figures: {', '.join(sorted(BY_NAME))}")


def _change(figure: Figure, pairs: Sequence[Pair], *, gated: bool) -> Change | None:
    """The change of one figure, not yet judged; None where it is not defined on both sides."""
    rows = comparable(figure, pairs)
    found = difference(figure, rows)
    if found is None:
        return None
    if figure.statistic is not None:
        moved = sum(a != b for a, b in rows)
        p_value = statistic_p_value([a for a, _ in rows], [b for _, b in rows], figure.statistic)
    else:
        moves = differences(figure, rows)
        moved = sum(move != 0.0 for move in moves)
        p_value = mean_p_value(moves)
    return Change(
        figure=figure,
        before=found.before,
        after=found.after,
        difference=found.difference,
        interval=found.interval,
        p_value=1.0 if p_value is None else p_value,
        count=found.count,
        moved=moved,
        verdict="",
        regression=gated,
    )


def _decide(changes: Sequence[Change], gated: set[str], *, alpha: float) -> list[Change]:
    """Adjust the gated figures' p-values together and say which changes count."""
    # Only over what chance can move, and what moved enough to be told from chance at all.
    tested = [c for c in changes if c.figure.name in gated and c.figure.name not in INVARIANTS]
    paid = paid_for([change.moved for change in tested], alpha=alpha)
    adjusted = {change.figure.name: min(1.0, paid * change.p_value) for change in tested}
    tested = [change for change in tested if least_p_value(change.moved) <= alpha / paid]
    for change, p_value in zip(tested, holm([c.p_value for c in tested]), strict=True):
        adjusted[change.figure.name] = p_value
    decided = []
    for change in changes:
        name = change.figure.name
        p_value = adjusted.get(name, change.p_value)
        verdict = _verdict(change, p_value, alpha=alpha)
        regression = name in gated and verdict == "worse"
        decided.append(replace(change, p_value=p_value, verdict=verdict, regression=regression))
    return decided


def _verdict(change: Change, p_value: float, *, alpha: float) -> Verdict:
    if change.figure.better == "neither":
        return ""
    certain = change.figure.name in INVARIANTS and change.difference != 0.0
    if p_value >= alpha and not certain:
        return "same"
    improved = (change.difference > 0) == (change.figure.better == "higher")
    return "better" if improved else "worse"


def _below(after: Sequence[Scored], floors: Mapping[str, float]) -> list[str]:
    """The floors that are not kept, in words."""
    rows = [one.row for one in after]
    found = []
    for name, floor in floors.items():
        value = value_of(BY_NAME[name], rows)
        lower = BY_NAME[name].better == "lower"
        if value is None:
            found.append(f"{name} was not measured, and is to be {floor:g}")
        elif (value > floor) if lower else (value < floor):
            found.append(f"{name} is {value:.3f}, {'over' if lower else 'under'} {floor:g}")
    return found
