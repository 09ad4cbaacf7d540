"""The figures that decide, each of the questions that it is about, beside the trivial answers'.

One table for a run, one for two runs of a set, and one for several sets with the gaps between
them: what holds on one set of questions and not on another was fitted to the first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from eval.scores.figures import BY_NAME, Figure
from eval.scores.paired import Difference, comparable, difference
from eval.scores.scoring import Scored
from eval.scores.summary import OVERALL, Summary, Value
from eval.statistics.numbers import NOTHING, Table, interval, number, signed
from eval.statistics.resampling import Interval


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the questions of one type, or of all."""

    title: str
    name: str
    group: str

    @property
    def figure(self) -> Figure:
        """The figure of that name."""
        return BY_NAME[self.name]


LINES: tuple[Line, ...] = (
    Line("fact", "score", "fact"),
    Line("fact, at any length", "score_at_any_length", "fact"),
    Line("fact, words", "words", "fact"),
    Line("list, F1", "score", "list"),
    Line("paper", "score", "paper"),
    Line("paper, at any length", "score_at_any_length", "paper"),
    Line("compare", "score", "compare"),
    Line("followup", "score", "followup"),
    Line("filter, F1", "score", "filter"),
    Line("overview", "score", "overview"),
    Line("metadata", "score", "metadata"),
    Line("count", "score", "count"),
    Line("unanswerable: silent", "abstention_recall", "unanswerable"),
    Line("unanswerable: silent or denied", "score", "unanswerable"),
    Line("answerable but silent", "over_refusal", OVERALL),
    Line("shape right", "shape_right", OVERALL),
)

NOTE = (
    "rival: the first five papers of search where papers are to be listed, else the two best "
    "sentences of its first paper; the difference is of the questions that have both"
)


def headline_table(summary: Summary) -> Table:
    """The lines of a run, each with interval and count, and the rival with the difference to it."""
    rows = [["", "value", "95 %", "n", "rival", "minus rival", "95 %"]]
    for line in LINES:
        value = summary.value(line.name, line.group)
        if value is not None:
            unit = line.figure.unit
            cells = [number(value.value, unit), interval(value.interval, unit), str(value.count)]
            rows.append([line.title, *cells, *lead_cells(value.lead, unit)])
    return rows


def changes_table(before: Sequence[Scored], after: Sequence[Scored]) -> Table:
    """The lines of two runs of a set, over the questions of both, with the rival of the second."""
    rows = [["", "before", "after", "change", "95 %", "n", "rival", "minus rival", "95 %"]]
    first = {one.question.question_id: one for one in before}
    pairs = [(first[n], one) for one in after if (n := one.question.question_id) in first]
    for line in LINES:
        own = [p for p in pairs if line.group in (OVERALL, p[1].question.type)]
        found = _difference(line.figure, [(a.row, b.row) for a, b in own])
        if found is None:
            continue
        lead = _difference(line.figure, [(b.rival, b.row) for _, b in own if b.rival])
        unit = line.figure.unit
        cells = [number(value, unit) for value in (found.before, found.after)]
        cells += [signed(found.difference, unit), interval(found.interval, unit)]
        rows.append([line.title, *cells, str(found.count), *lead_cells(lead, unit)])
    return rows


def sets_table(summaries: Mapping[str, Summary]) -> Table:
    """The lines of several sets side by side, each with the gap to the first set."""
    first, *others = summaries
    rows = [["", *summaries, *(f"{name} - {first}" for name in others)]]
    for line in LINES:
        values = {n: s.value(line.name, line.group) for n, s in summaries.items()}
        if any(values.values()):
            unit = line.figure.unit
            gaps = [_gap_cell(values[first], values[name], unit) for name in others]
            cells = [_cell(value, unit) for value in values.values()]
            rows.append([line.title, *cells, *gaps])
    return rows


def rivals_table(summaries: Mapping[str, Summary]) -> Table:
    """The rival of each line in several sets, and the answers minus it."""
    header = [cell for name in summaries for cell in (f"{name}: rival", "minus rival")]
    rows = [["", *header]]
    for line in LINES:
        leads = [_lead(summary.value(line.name, line.group)) for summary in summaries.values()]
        if any(leads):
            cells = [lead_cells(lead, line.figure.unit) for lead in leads]
            rows.append([line.title, *(c for a, b, i in cells for c in (a, f"{b} {i}".strip()))])
    return rows


def gaps_to_json(summaries: Mapping[str, Summary]) -> dict[str, Any]:
    """By line and set, the gap to the first set, with its interval."""
    first, *others = summaries
    found: dict[str, Any] = {}
    for line in LINES:
        base = summaries[first].value(line.name, line.group)
        for name in others:
            value = summaries[name].value(line.name, line.group)
            if base is None or value is None or base.value is None or value.value is None:
                continue
            bounds = gap_interval(base, value)
            found.setdefault(line.title, {})[name] = {
                "difference": value.value - base.value,
                "low": bounds.low if bounds else None,
                "high": bounds.high if bounds else None,
            }
    return found


def lead_cells(lead: Difference | None, unit: str) -> list[str]:
    """The rival's value, the answers minus it, and the interval of that."""
    if lead is None:
        return [NOTHING, NOTHING, ""]
    return [
        number(lead.before, unit),
        signed(lead.difference, unit),
        interval(lead.interval, unit),
    ]


def gap_interval(one: Value, other: Value) -> Interval | None:
    """Interval of `other` minus `one`, of two sets that have no question in common.

    The sum of squares of the distances from each value to its own bounds:

        low  = d - sqrt((y - low_y)^2 + (high_x - x)^2)
        high = d + sqrt((high_y - y)^2 + (x - low_x)^2)      d = y - x

    Returns:
        None where either side has no interval.

    Source: Newcombe, "Interval estimation for the difference between independent proportions",
    1998, method 10; for other figures Zou and Donner, "Construction of confidence limits about
    effect measures", 2008.
    """
    if one.interval is None or other.interval is None or one.value is None or other.value is None:
        return None
    x, y, of_x, of_y = one.value, other.value, one.interval, other.interval
    return Interval(
        low=y - x - hypot(y - of_y.low, of_x.high - x),
        high=y - x + hypot(of_y.high - y, x - of_x.low),
    )


def _difference(figure: Figure, pairs: Sequence[Any]) -> Difference | None:
    return difference(figure, comparable(figure, pairs))


def _lead(value: Value | None) -> Difference | None:
    return value.lead if value is not None else None


def _cell(value: Value | None, unit: str) -> str:
    if value is None:
        return NOTHING
    return f"{number(value.value, unit)} {interval(value.interval, unit)}".strip()


def _gap_cell(one: Value | None, other: Value | None, unit: str) -> str:
    if one is None or other is None or one.value is None or other.value is None:
        return NOTHING
    gap = signed(other.value - one.value, unit)
    return f"{gap} {interval(gap_interval(one, other), unit)}".strip()
