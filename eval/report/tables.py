"""Summaries and comparisons as text: for the terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from eval.scores.comparison import Change, Comparison
from eval.scores.figures import FIGURES, Figure
from eval.scores.headline import NOTE, headline_table, lead_cells, rivals_table, sets_table
from eval.scores.judge_agreement import rating_line
from eval.scores.summary import Summary
from eval.scores.support_agreement import agreement_line, measured
from eval.sets.question_rules import TYPES
from eval.statistics.numbers import NOTHING, Table, interval, number, p_value, signed


def summary_table(summary: Summary, *, group: str) -> Table:
    """The figures of one group: overall with interval and count, the rival's, then each type's."""
    types = types_of(summary)
    rivals = has_rivals(summary)
    header = ["rival", "minus rival", "95 %"] if rivals else []
    rows = [[group, "all", "95 %", "n", *header, *types]]
    for figure in FIGURES:
        value = summary.value(figure.name)
        if figure.group != group or value is None:
            continue
        by_type = [summary.value(figure.name, type_) for type_ in types]
        rows.append(
            [
                title_of(figure),
                number(value.value, figure.unit),
                interval(value.interval, figure.unit),
                counted(value.count, value.left_out),
                *(lead_cells(value.lead, figure.unit) if rivals else []),
                *(number(one.value, figure.unit) if one else NOTHING for one in by_type),
            ]
        )
    return rows


def has_rivals(summary: Summary) -> bool:
    """Whether the run kept what the trivial answers are made of."""
    return any(value.lead for groups in summary.figures.values() for value in groups.values())


def title_of(figure: Figure) -> str:
    """The figure's title, marked when it rests on the support check."""
    return f"{figure.title} *" if figure.judged else figure.title


def counted(count: int, left_out: int) -> str:
    """How many questions a figure is of, and how many it is not defined for."""
    return f"{count} (-{left_out})" if left_out else str(count)


def types_of(summary: Summary) -> list[str]:
    """The types of question that the run has, in their usual order."""
    groups = {name for groups in summary.figures.values() for name in groups}
    return [type_ for type_ in TYPES if type_ in groups]


def groups_of(summary: Summary) -> list[str]:
    """The headings under which the run has figures, in their usual order."""
    names = [figure.group for figure in FIGURES if summary.value(figure.name) is not None]
    return list(dict.fromkeys(names))


def summary_text(summary: Summary) -> str:
    """A summary for the terminal."""
    parts = [f"{summary.questions} questions, {len(summary.failed)} failed"]
    parts += [f"  failed: {name}: {error}" for name, error in list(summary.failed.items())[:10]]
    parts += ["", *aligned(headline_table(summary))]
    for group in groups_of(summary):
        parts += ["", *aligned(summary_table(summary, group=group))]
    return "\n".join([*parts, "", *notes(summary)])


def notes(summary: Summary) -> list[str]:
    """What has to be known of the judges to read the figures marked with stars."""
    found = [NOTE] if has_rivals(summary) else []
    found.append(f"* {agreement_line(measured())}")
    if summary.rated is not None:
        found.append(f"** {rating_line(summary.rated)}")
    return found


def sets_text(summaries: Mapping[str, Summary]) -> str:
    """Several sets side by side for the terminal: their figures, the gaps, and the rivals."""
    parts = [line for rows in sets_tables(summaries) for line in (*aligned(rows), "")]
    return "\n".join([*parts, NOTE])


def sets_tables(summaries: Mapping[str, Summary]) -> list[Table]:
    """The figures of several sets with their gaps, and their rivals; none where there are none."""
    tables = [sets_table(summaries), rivals_table(summaries)] if summaries else []
    return [rows for rows in tables if len(rows) > 1]


def comparison_table(changes: Sequence[Change]) -> Table:
    """What changed, figure by figure."""
    rows = [["figure", "before", "after", "change", "95 %", "p", "n", "verdict"]]
    for change in changes:
        figure = change.figure
        rows.append(
            [
                title_of(figure),
                number(change.before, figure.unit),
                number(change.after, figure.unit),
                signed(change.difference, figure.unit),
                interval(change.interval, figure.unit),
                p_value(change.p_value),
                str(change.count),
                f"{change.verdict}: FAILS" if change.regression else change.verdict,
            ]
        )
    return rows


def comparison_text(comparison: Comparison, headline: Table) -> str:
    """A comparison for the terminal; `headline`: the lines of both runs, `changes_table`."""
    head = f"{comparison.count} questions in both runs"
    if comparison.only_before or comparison.only_after:
        head += f"; only in one: {comparison.only_before} before, {comparison.only_after} after"
    parts = [head]
    if comparison.consistency is not None:
        alike = comparison.consistency
        parts.append(
            f"alike: outcome {number(alike.same_outcome)}, papers {number(alike.paper_overlap)}, "
            f"words {number(alike.text_overlap)} (1 is the same)"
        )
    parts += ["", *aligned(headline)]
    parts += ["", *aligned(comparison_table(comparison.changes)), ""]
    parts += [f"below the floor: {line}" for line in comparison.below_floor]
    parts.append(f"* {agreement_line(measured())}")
    parts.append("REGRESSION" if comparison.regressed else "no significant regression")
    return "\n".join(parts)


def aligned(rows: Table) -> Iterator[str]:
    """The table in columns; the first is set to the left, the others to the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join(cells).rstrip()


def markdown(rows: Table) -> Iterator[str]:
    """The table in Markdown; what Markdown would read as a sign is escaped."""
    for place, row in enumerate(rows):
        yield "| " + " | ".join(escaped(cell) for cell in row) + " |"
        if place == 0:
            yield "|" + "|".join(["---", *["---:"] * (len(row) - 1)]) + "|"


def escaped(text: str) -> str:
    """Text that stands as it is in a Markdown table or paragraph."""
    for sign in ("\\", "|", "*", "_", "`", "[", "]", "<", ">", "#"):
        text = text.replace(sign, f"\\{sign}")
    return " ".join(text.split())
