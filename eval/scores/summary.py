"""All figures of a run, overall and by type of question, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from eval.scores.figures import FIGURES, Figure, Row, value_of, values_of
from eval.scores.judge_agreement import JudgeAgreement, agreement_of
from eval.scores.paired import Difference, comparable, difference
from eval.scores.scoring import Scored
from eval.scores.support_agreement import measured
from eval.sets.question_rules import TYPES
from eval.statistics.resampling import Interval, mean_interval, statistic_interval

OVERALL = "all"


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of a set of questions.

    Attributes:
        value: the figure; None where it is not defined for any question.
        interval: its 95 % bootstrap interval; None where there are too few questions.
        count: questions that it was made of.
        left_out: questions that were scored and for which it is not defined.
        lead: how the answers differ from the trivial ones (`eval.runs.rivals`) over the questions
            that have both, before being the rival; None where there is no rival or no such figure
            of it.
    """

    value: float | None
    interval: Interval | None
    count: int
    left_out: int
    lead: Difference | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A scored run in figures: name -> (type or "all") -> value.

    `failed` names the questions that failed, with what went wrong; they are in no other figure.
    `rated` is how far a language model's ratings agree with the gold, where there are any.
    """

    figures: Mapping[str, Mapping[str, Value]]
    questions: int
    failed: Mapping[str, str]
    rated: JudgeAgreement | None = None

    def value(self, name: str, group: str = OVERALL) -> Value | None:
        """One figure; None where it was not measured."""
        return self.figures.get(name, {}).get(group)


def summarise(scored: Sequence[Scored]) -> Summary:
    """Figures with intervals, overall and for each type that was asked."""
    groups: dict[str, list[Scored]] = {OVERALL: list(scored)}
    for type_ in TYPES:
        found = [one for one in scored if one.question.type == type_]
        if found:
            groups[type_] = found
    figures: dict[str, dict[str, Value]] = {}
    for figure in FIGURES:
        values = {name: _beside_rival(figure, found) for name, found in groups.items()}
        values = {name: value for name, value in values.items() if value.value is not None}
        if values:
            figures[figure.name] = values
    return Summary(
        figures=figures,
        questions=len(scored),
        failed={one.question.question_id: one.record.error for one in scored if _failed(one)},
        rated=agreement_of([one.row for one in scored]),
    )


def _beside_rival(figure: Figure, scored: Sequence[Scored]) -> Value:
    """One figure of a set of questions, with the trivial answers' beside it."""
    rivals = [(one.rival, one.row) for one in scored if one.rival]
    lead = difference(figure, comparable(figure, rivals)) if rivals else None
    return replace(measure(figure, [one.row for one in scored]), lead=lead)


def measure(figure: Figure, rows: Sequence[Row]) -> Value:
    """One figure of a set of questions."""
    value = value_of(figure, rows)
    asked = [row for row in rows if row.get("failed") == 0.0 or figure.name == "failed"]
    if figure.statistic is not None:
        interval = statistic_interval(asked, figure.statistic) if value is not None else None
        return Value(value=value, interval=interval, count=len(asked), left_out=0)
    values = values_of(figure.name, asked)
    bounded = figure.unit == "share"
    return Value(
        value=value,
        interval=mean_interval(values, bounded=bounded),
        count=len(values),
        left_out=len(asked) - len(values),
    )


def stage_seconds(scored: Sequence[Scored]) -> dict[str, list[float]]:
    """Seconds by stage, one value for each question that has the stage."""
    stages: dict[str, list[float]] = {}
    for one in scored:
        for name, value in one.row.items():
            if name.startswith("stage:") and value is not None:
                stages.setdefault(name.removeprefix("stage:"), []).append(value)
    return stages


def summary_to_json(summary: Summary) -> dict[str, Any]:
    """What `quoth eval score --json` prints and RUN/scores.json holds."""
    return {
        "questions": summary.questions,
        "failed": dict(summary.failed),
        "judge": asdict(judged) if (judged := measured()) is not None else None,
        "rating": asdict(summary.rated) if summary.rated is not None else None,
        "figures": {
            name: {group: _value_to_json(value) for group, value in groups.items()}
            for name, groups in summary.figures.items()
        },
    }


def _value_to_json(value: Value) -> dict[str, Any]:
    interval = asdict(value.interval) if value.interval is not None else {"low": None, "high": None}
    return {
        "value": value.value,
        **interval,
        "questions": value.count,
        "left_out": value.left_out,
        **({"rival": lead_to_json(value.lead)} if value.lead is not None else {}),
    }


def lead_to_json(lead: Difference) -> dict[str, Any]:
    """The trivial answers' value, by how much the product's is above it, and over how many."""
    interval = asdict(lead.interval) if lead.interval is not None else {"low": None, "high": None}
    return {
        "value": lead.before,
        "difference": lead.difference,
        **interval,
        "questions": lead.count,
    }


def _failed(one: Scored) -> bool:
    return one.row.get("failed") == 1.0
