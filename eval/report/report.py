"""The report of a run: one page that holds everything, and what goes beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.metrics.calibration import reliability
from eval.metrics.risk_coverage import risk_coverage
from eval.metrics.statements import Judge
from eval.report import parts as report_parts
from eval.report import plots
from eval.report.parts import Report
from eval.report.tables import comparison_table, groups_of, notes, sets_tables, summary_table
from eval.report.text import as_markdown, junit
from eval.runs.records import Run
from eval.scores.comparison import compare
from eval.scores.figures import confident
from eval.scores.headline import changes_table, headline_table
from eval.scores.scoring import score_run
from eval.scores.summary import stage_seconds, summarise


def write_report(
    run: Run,
    judge: Judge,
    *,
    folder: Path,
    against: Run | None = None,
    others: Mapping[str, Run] | None = None,
) -> tuple[Path, Path, Path]:
    """Write report.html, report.md and junit.xml.

    Args:
        run: the run to report.
        judge: for the citation figures.
        folder: where to write; made when it is not there.
        against: a baseline; differences are this run minus it.
        others: runs of other sets by name, put side by side with this one.

    Returns:
        The three paths.
    """
    scored = score_run(run, judge)
    summary = summarise(scored)
    report = Report(run=run, scored=scored, summary=summary)
    if against is not None:
        before = score_run(against, judge)
        report = replace(
            report,
            against=against.path.resolve().name,
            comparison=compare(before, scored),
            changes=changes_table(before, scored),
        )
    if others:
        own = {str(run.manifest.get("set") or run.path): summary}
        scores = {name: summarise(score_run(other, judge)) for name, other in others.items()}
        report = replace(report, sets=own | scores)
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "report.html", folder / "report.md", folder / "junit.xml"
    for path, text in zip(paths, (html(report), as_markdown(report), junit(report)), strict=True):
        path.write_text(text, encoding="utf-8", errors="replace")  # half a surrogate pair
    return paths


def html(report: Report) -> str:
    """The page: styles, plots and texts in one file, everything from the run escaped.

    Addresses that stand in abstracts or questions are shown and not written out: "://" is made of
    character references, so that nothing that reads the source finds an address to fetch.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
    )
    text = environment.get_template("report.html.j2").render(page=_page(report))
    return text.replace("://", "&#58;&#47;&#47;")


def _page(report: Report) -> dict[str, Any]:
    from markupsafe import Markup

    summary = report.summary
    answers = [one.record.answer for one in report.scored if one.record.answer is not None]
    cases = report_parts.worst(report.scored)
    below = sum(1 for one in report.scored if (one.row.get("score") or 0.0) < 1.0)
    return {
        "title": report.title,
        "subtitle": f"{summary.questions} questions, {len(summary.failed)} failed",
        "tiles": report_parts.tiles(summary),
        "plots": [{"title": title, "svg": Markup(svg)} for title, svg in _plots(report)],
        "headline": headline_table(summary),
        "sets": sets_tables(report.sets),
        "tables": [summary_table(summary, group=group) for group in groups_of(summary)],
        "notes": notes(summary),
        "failed": list(summary.failed.items()),
        "worst": cases,
        "worst_note": f"{len(cases)} of {below} questions below full marks; "
        "of equal ones those first that the system was surest of.",
        "comparison": _comparison(report),
        "facts": report_parts.facts(report.run.manifest, answers),
    }


def _plots(report: Report) -> list[tuple[str, str]]:
    summary, rows = report.summary, [one.row for one in report.scored]
    found = []
    if "score" in summary.figures:
        svg = plots.bars_by_type(summary.figures["score"], title="right, or F1 of papers")
        found.append(("Right, or F1 of papers, by type of question, with 95 % intervals", svg))
    confidences, right = confident(rows)
    if confidences:
        bins = reliability(confidences, right)
        found.append(("Reliability of the abstention score", plots.reliability_diagram(bins)))
        points = risk_coverage(confidences, right)
        base = 1 - sum(right) / len(right)
        found.append(("Risk against coverage", plots.risk_curve(points, base=base)))
    total = [value for row in rows if (value := row.get("seconds_total")) is not None]
    first = [value for row in rows if (value := row.get("seconds_first")) is not None]
    if total:
        found.append(("Time to the answer", plots.latency(total, first)))
    stages = stage_seconds(report.scored)
    stages = {name: values for name, values in stages.items() if name not in _WHOLE}
    if stages:
        found.append(("Where the time goes", plots.stage_bars(stages)))
    return found


_WHOLE = {"total", "first_evidence"}  # sums of the others


def _comparison(report: Report) -> dict[str, Any] | None:
    from markupsafe import Markup

    found = report.comparison
    if found is None:
        return None
    marks = [
        f"{change.verdict if change.verdict != 'same' else ''} "
        f"{'fails' if change.regression else ''}".strip()
        for change in found.changes
    ]
    return {
        "name": report.against,
        "regressed": found.regressed,
        "verdict": report_parts.verdict_of(found),
        "note": f"{found.count} questions in both runs. Paired bootstrap intervals of the "
        "difference; paired permutation tests, p of the gated figures adjusted together (Holm).",
        "caption": "Differences to the baseline; to the right is better",
        "plot": Markup(plots.differences(found.moved)) if found.moved else "",
        "headline": report.changes,
        "rows": comparison_table(found.changes),
        "marks": marks,
    }
