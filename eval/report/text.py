"""A report as Markdown, for a pull request, and as JUnit XML, for CI."""

from __future__ import annotations

from xml.etree import ElementTree

from eval.report import parts as report_parts
from eval.report.parts import Report, verdict_of
from eval.report.tables import (
    comparison_table,
    escaped,
    groups_of,
    markdown,
    notes,
    sets_tables,
    summary_table,
)
from eval.scores.headline import headline_table
from eval.scores.scoring import Scored
from eval.statistics.numbers import number

PASSING = 0.5
"""In JUnit a question passes from this score on: a list with half of its papers is no failure."""


def as_markdown(report: Report) -> str:
    """The tables and the worst questions in Markdown."""
    summary = report.summary
    parts = [
        f"# {escaped(report.title)}",
        "",
        f"{summary.questions} questions, {len(summary.failed)} failed.",
    ]
    if report.comparison is not None:
        parts += [
            "",
            f"## Against {escaped(report.against)}",
            "",
            verdict_of(report.comparison) + ".",
        ]
        parts += ["", *markdown(report.changes)]
        parts += ["", *markdown(comparison_table(report.comparison.changes))]
    parts += ["", "## At a glance", "", *markdown(headline_table(summary))]
    if report.sets:
        parts += ["", "## Sets side by side"]
        parts += [line for rows in sets_tables(report.sets) for line in ("", *markdown(rows))]
    for group in groups_of(summary):
        parts += [
            "",
            f"## {group.capitalize()}",
            "",
            *markdown(summary_table(summary, group=group)),
        ]
    parts += ["", *(escaped(note) + "\n" for note in notes(summary))]
    parts += ["", "## Worst questions", ""]
    for case in report_parts.worst(report.scored):
        missing = "; ".join(item.text for item in case.gold if item.mark == "no")
        parts.append(
            f"- {case.score:.2f} {escaped(case.kind)}: {escaped(case.question)} "
            f"({escaped(case.outcome)}; missing: {escaped(missing)})"
        )
    parts += [
        f"- failed {escaped(name)}: {escaped(error)}" for name, error in summary.failed.items()
    ]
    return "\n".join(parts) + "\n"


def junit(report: Report) -> str:
    """One test case a question: errors for failed ones, failures for wrong ones."""
    suite = ElementTree.Element(
        "testsuite",
        name=_printable(report.title),
        tests=str(len(report.scored)),
        failures=str(sum(_is_wrong(one) for one in report.scored)),
        errors=str(len(report.summary.failed)),
        time=f"{sum(one.record.seconds for one in report.scored):.3f}",
    )
    for one in report.scored:
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=one.question.type,
            name=_printable(f"{one.question.question_id} {one.question.question}"),
            time=f"{one.record.seconds:.3f}",
        )
        if one.record.answer is None:
            ElementTree.SubElement(case, "error", message=_printable(one.record.error))
        elif _is_wrong(one):
            shown = report_parts.case_of(one)
            missing = "; ".join(item.text for item in shown.gold if item.mark == "no")
            failure = ElementTree.SubElement(
                case, "failure", message=_printable(f"score {number(shown.score)}: {missing}")
            )
            failure.text = _printable(shown.text)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _is_wrong(one: Scored) -> bool:
    return one.record.answer is not None and (one.row["score"] or 0.0) < PASSING


def _printable(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c.isprintable() or c == " "))
