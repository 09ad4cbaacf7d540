"""The corpus as HTML: what is indexed, its sources, a list of papers, what an ingest did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from rag.types import Hit, Paper
from ui.html.markup import EMPTY, Markup, counted, isolated, join, paper_facts, scores_line

_REJECTED_SHOWN = 50


def summary_html(info: Mapping[str, Any], *, plot: Markup = EMPTY, changed: str = "") -> Markup:
    """How many papers, by which models, from where.

    Args:
        info: what `quoth info` prints.
        plot: papers per year.
        changed: when the index last changed, in words.
    """
    sources = join(
        source_html(name, int(number)) for name, number in dict(info.get("sources", {})).items()
    )
    facts = [
        counted(int(info.get("passages", 0)), "passage"),
        f"encoder {info.get('embedder', '')}",
        f"language model {info.get('llm', '')}",
        f"last change {changed}" if changed else "",
    ]
    return Markup(
        '<section class="summary"><h2>{}</h2><p class="facts">{}</p>{}'
        '<h3>Where they come from</h3><ul class="origins">{}</ul></section>'
    ).format(
        counted(int(info.get("papers", 0)), "paper"),
        " · ".join(fact for fact in facts if fact),
        plot,
        sources,
    )


def source_html(name: str, number: int) -> Markup:
    """A source with a button that removes it, once that is said twice."""
    short = PurePath(name).name or name
    return Markup(
        '<li><span title="{0}">{1}</span> <span class="facts">{2}</span><details class="sure">'
        "<summary>Remove</summary><p>Papers that only {1} tells of leave the index. "
        '<button type="button" data-event="forget" data-source="{0}">Remove it</button></p>'
        "</details></li>"
    ).format(name, isolated(short), counted(number, "paper"))


def papers_html(
    papers: Sequence[Paper], *, page: int, pages: int, total: int, hits: Sequence[Hit] = ()
) -> Markup:
    """A page of papers, each opening in the side panel.

    Args:
        papers: those of this page.
        page: which page this is, from 1.
        pages: how many there are.
        total: papers on all pages.
        hits: the same papers as hits of a search, when they are: their scores are shown.
    """
    found = {hit.paper.paper_id: hit for hit in hits}
    items = join(_paper_item(paper, found.get(paper.paper_id)) for paper in papers)
    if not papers:
        return Markup('<p class="notice">No paper matches; take a word or the years away.</p>')
    return Markup('<p class="facts" role="status">{}</p><ol class="papers">{}</ol>{}').format(
        f"The {counted(total, 'nearest paper')}, best first" if hits else counted(total, "paper"),
        items,
        _turner(page, pages),
    )


def _paper_item(paper: Paper, hit: Hit | None) -> Markup:
    spans = ",".join(f"{p.start}-{p.end}" for p in hit.passages) if hit is not None else ""
    best = (
        Markup('<blockquote dir="auto">{}</blockquote>').format(
            hit.passages[0].text(paper.abstract)
        )
        if hit is not None and hit.passages
        else EMPTY
    )
    why = (
        Markup('<p class="why">{}</p>').format(scores_line(hit.score, dict(hit.parts)))
        if hit is not None
        else EMPTY
    )
    return Markup(
        '<li><a class="opens title" href="#panel" data-event="paper" data-turn=""'
        ' data-paper="{}" data-spans="{}">{}</a><p class="facts">{}</p>{}{}</li>'
    ).format(
        paper.paper_id,
        spans,
        isolated(paper.title or paper.paper_id),
        paper_facts(paper),
        best,
        why,
    )


def _turner(page: int, pages: int) -> Markup:
    if pages < 2:
        return EMPTY
    button = Markup('<button type="button" data-event="browse" data-page="{}"{}>{}</button>')
    off = Markup(" disabled")
    return Markup(
        '<nav class="turner" aria-label="Pages">{} <span>{} of {}</span> {}</nav>'
    ).format(
        button.format(page - 1, off if page <= 1 else EMPTY, "Before"),
        page,
        pages,
        button.format(page + 1, off if page >= pages else EMPTY, "Next"),
    )


def report_html(
    report: Any, rejected: Sequence[Mapping[str, Any]], *, folder: PurePath | None = None
) -> Markup:
    """What an ingest did, with the records it could not take and why.

    Args:
        report: a `rag.library.ingest.IngestReport`.
        rejected: its rejected records, as they are in the report file.
        folder: where the files were put; said of none of them.
    """
    counts = (
        f"{counted(report.read, 'record')} read: {report.added} added, {report.updated} updated,"
        f" {report.unchanged} unchanged, {report.rejected} rejected. The index now holds"
        f" {counted(report.papers, 'paper')}."
    )
    notes = join(
        Markup('<p class="facts">{}</p>').format(
            isolated(note.replace(f"{folder}/", "") if folder else note)
        )
        for note in map(str, (*report.failures, *report.notes))
    )
    return Markup('<div class="report" role="status"><p>{}</p>{}{}</div>').format(
        counts, notes, rejected_html(rejected)
    )


def rejected_html(rejected: Sequence[Mapping[str, Any]]) -> Markup:
    """The rejected records as a table: where, why, how each begins."""
    if not rejected:
        return EMPTY
    rows = join(
        Markup("<tr><td>{}:{}</td><td>{}</td><td>{}</td></tr>").format(
            isolated(PurePath(str(record.get("path", ""))).name),
            record.get("line", ""),
            isolated(record.get("reason", "")),
            isolated(str(record.get("excerpt", ""))[:160]),
        )
        for record in rejected[:_REJECTED_SHOWN]
    )
    more = len(rejected) - _REJECTED_SHOWN
    rest = Markup('<p class="facts">and {} more</p>').format(more) if more > 0 else EMPTY
    return Markup(
        '<div class="scroll" tabindex="0" role="region" aria-label="Rejected records"><table'
        ' class="comparison"><thead><tr><th scope="col">Where</th><th scope="col">Why</th>'
        '<th scope="col">It begins</th></tr></thead><tbody>{}</tbody></table></div>{}'
    ).format(rows, rest)
