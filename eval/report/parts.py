"""What a report shows of a run, ready to be laid out: no markup here, and nothing escaped yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.metrics.gold_recall import gold_recall
from eval.runs.answers import ShownAnswer, read_answer
from eval.runs.records import Run
from eval.scores.comparison import Comparison
from eval.scores.correctness import score
from eval.scores.figures import BY_NAME
from eval.scores.scoring import Scored
from eval.scores.summary import Summary
from eval.sets.questions import Question, normal_title
from eval.statistics.numbers import NOTHING, Table, interval, number

SHOWN_WORST = 25


@dataclass(frozen=True, slots=True)
class Report:
    """A scored run with what it is compared to.

    Attributes:
        run: the run.
        scored: its questions.
        summary: its figures.
        against: the name of the baseline; empty without one.
        comparison: with the baseline.
        changes: the deciding figures of both, and the rival's.
        sets: the figures of this run and of runs of other sets, by name; empty without others.
    """

    run: Run
    scored: tuple[Scored, ...]
    summary: Summary
    against: str = ""
    comparison: Comparison | None = None
    changes: Table = field(default_factory=list)
    sets: Mapping[str, Summary] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the page is called."""
        return f"quoth eval: {self.run.path.resolve().name}"


@dataclass(frozen=True, slots=True)
class Tile:
    """One headline figure."""

    title: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class GoldItem:
    """One thing that the gold asks for; `mark`: "yes" it is there, "no" it is not, "spare"."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """Words of a paper, with its title."""

    text: str
    title: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its answer and its gold, side by side."""

    name: str
    kind: str
    question: str
    history: tuple[Mapping[str, str], ...]
    score: float
    outcome: str
    note: str
    text: str
    reason: str
    quotes: tuple[ShownQuote, ...]
    gold: tuple[GoldItem, ...]


_TILES = (
    "score",
    "cited_f1",
    "citation_recall",
    "over_refusal",
    "abstention_recall",
    "seconds_total",
)


def verdict_of(comparison: Comparison) -> str:
    """What a comparison comes to, in one sentence."""
    worse = [change.figure.title for change in comparison.changes if change.regression]
    if worse:
        return f"Regression: {', '.join(worse)}"
    return "No significant regression"


def tiles(summary: Summary) -> list[Tile]:
    """The headline figures that the run has."""
    found = []
    for name in _TILES:
        value, figure = summary.value(name), BY_NAME[name]
        if value is None:
            continue
        note = " ".join(part for part in (interval(value.interval, figure.unit),) if part)
        shown = number(value.value, figure.unit)
        found.append(
            Tile(
                title=figure.title + (" *" if figure.judged else ""),
                value=f"{shown} s" if figure.unit == "seconds" else shown,
                note=f"{note} n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{value.count}".strip(),
            )
        )
    return found


def worst(scored: Sequence[Scored], *, limit: int = SHOWN_WORST) -> list[Case]:
    """The questions with the lowest scores; of equal ones first those that were surest."""
    answered = [one for one in scored if one.record.answer is not None]
    ordered = sorted(
        answered,
        key=lambda one: (
            one.row["score"] or 0.0,
            -(one.row.get("confidence") or 0.0),
            one.question.question_id,
        ),
    )
    return [case_of(one) for one in ordered if (one.row["score"] or 0.0) < 1.0][:limit]


def case_of(one: Scored) -> Case:
    """A scored question as it is shown."""
    question, answer = one.question, read_answer(one.record.answer or {})
    titles = dict(answer.sources.values())
    notes = []
    if answer.confidence is not None:
        notes.append(f"confidence {answer.confidence:.2f}")
    seconds = one.row.get("seconds_total")
    if seconds is not None:
        notes.append(f"{seconds:.1f} s")
    return Case(
        name=question.question_id,
        kind=f"{question.type} {question.question_id}",
        question=question.question,
        history=question.history,
        score=one.row["score"] or 0.0,
        outcome=answer.outcome,
        note=", ".join(notes),
        text=answer.text,
        reason=answer.reason,
        quotes=tuple(
            ShownQuote(text=quote.text, title=titles.get(quote.paper_id, quote.paper_id))
            for quote in answer.quotes
        ),
        gold=tuple(gold_items(question, answer)),
    )


def gold_items(question: Question, answer: ShownAnswer) -> list[GoldItem]:
    """What the gold asks for, each marked by whether the answer has it."""
    if not question.answerable:
        right = _mark(score(question, answer) == 1.0)
        items = [GoldItem("silence, or first of all what denies a false premise", right)]
    else:
        items = [
            GoldItem(" / ".join(group), _mark(gold_recall(answer.shown, [group]) == 1.0))
            for group in question.answers
        ]
    cited = {normal_title(name) for names in answer.sources.values() for name in names}
    items += [GoldItem(name, _mark(normal_title(name) in cited)) for name in question.papers]
    gold = {normal_title(name) for name in (*question.papers, *question.also_ok)}
    items += [
        GoldItem(f"may be cited: {name}", "spare")
        for name in question.also_ok
        if normal_title(name) in cited
    ]
    items += [
        GoldItem(f"cited without being asked for: {title}", "no")
        for paper_id, title in answer.sources.values()
        if not {normal_title(title), normal_title(paper_id)} & gold
    ]
    return items


def facts(
    manifest: Mapping[str, Any], answers: Sequence[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    """What made the run: set, settings, models, index."""
    found = [
        ("question set", str(manifest.get("set", NOTHING))),
        ("questions, sha256", str(manifest.get("questions", NOTHING))),
        ("index", str(manifest.get("index", NOTHING))),
        ("started", str(manifest.get("started", NOTHING))),
    ]
    if manifest.get("perturb"):
        found.append(("perturbed", f"{manifest['perturb']}, seed {manifest.get('seed')}"))
    traces = [answer.get("trace", {}) for answer in answers]
    for name in ("llm", "embedder"):
        values = sorted({str(trace[name]) for trace in traces if trace.get(name)})
        if values:
            found.append((name, ", ".join(values)))
    settings = manifest.get("settings", {})
    found += [
        (f"{table}.{name}", str(value))
        for table, values in settings.items()
        if isinstance(values, Mapping)
        for name, value in values.items()
        if value not in ("", None)
    ]
    return found


def _mark(there: bool) -> str:
    return "yes" if there else "no"
