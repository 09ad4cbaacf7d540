"""The small plot of years and the map of the corpus, as HTML and SVG that need no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.types import Paper
from ui.html.markup import EMPTY, Markup, counted, join
from ui.html.paper import panel_head
from ui.talk.plots import Point, papers_per_year, shown_points, spread

_WIDTH, _HEIGHT, _MARGIN = 100.0, 72.0, 2.0
_SMALL, _LARGE = 0.55, 1.3
_YEARS_ON_A_PHONE = 10


def years_html(papers: Sequence[Paper], *, label: str) -> Markup:
    """Papers per year as bars with their numbers; nothing when fewer than two years have any."""
    years = papers_per_year(papers)
    if sum(count > 0 for _, count in years) < 2:
        return EMPTY
    most = max(count for _, count in years)
    bars = join(
        Markup(
            '<li><span class="count">{}</span><span class="bar" style="height:{:.2f}rem"></span>'
            '<span class="year">{}</span></li>'
        ).format(count or "", 3.2 * count / most, year)
        for year, count in years
    )
    # A plot too long for a phone is scrolled, and then the keyboard must reach it.
    reach = Markup(' tabindex="0" role="group" aria-label="Papers per year"')
    reach = reach if len(years) > _YEARS_ON_A_PHONE else EMPTY
    undated = sum(paper.year is None for paper in papers)
    note = Markup(" ({} without a date)").format(undated) if undated else EMPTY
    return Markup(
        '<figure class="years"><figcaption>{}{}</figcaption><div class="bars"{}><ol>{}</ol></div>'
        "</figure>"
    ).format(label, note, reach, bars)


def map_html(
    points: Sequence[Point], *, marked: Mapping[str, int], turn: str = "", title: str = ""
) -> Markup:
    """The map: a dot a paper, near ones about near things; the answer's papers marked.

    Args:
        points: all papers.
        marked: paper_id -> label of those to mark.
        turn: the turn whose papers are marked.
        title: the heading; a close button goes with it.
    """
    shown = shown_points(points, marked)
    places = [_place(point) for point in shown]
    first = sum(point.paper_id not in marked for point in shown)
    places[first:] = spread(places[first:], apart=2.1 * _LARGE)
    dots = join(
        _dot(point, place, label=marked.get(point.paper_id), turn=turn)
        for point, place in zip(shown, places, strict=True)
    )
    head = panel_head(title) if title else EMPTY
    said = f", {counted(len(marked), 'paper')} of the answer marked" if marked else ""
    return Markup(
        '<div class="{}map-panel">{}<figure class="map"><svg viewBox="0 0 {} {}" role="group"'
        ' aria-label="Map of {}{}">{}</svg><figcaption>Each dot is a paper; near dots are about'
        " near things. Hover for the title, click to open.</figcaption></figure></div>"
    ).format(
        "panel " if title else "", head, _WIDTH, _HEIGHT, counted(len(points), "paper"), said, dots
    )


def _place(point: Point) -> tuple[float, float]:
    """Where a point is drawn: up is up."""
    return (
        _MARGIN + point.x * (_WIDTH - 2 * _MARGIN),
        _MARGIN + (1 - point.y) * (_HEIGHT - 2 * _MARGIN),
    )


def _dot(point: Point, place: tuple[float, float], *, label: int | None, turn: str) -> Markup:
    x, y = place
    if label is None:
        return Markup(
            '<circle class="dot" cx="{:.2f}" cy="{:.2f}" r="{}" data-event="paper" data-turn=""'
            ' data-paper="{}" data-spans=""><title>{}</title></circle>'
        ).format(x, y, _SMALL, point.paper_id, point.title)
    return Markup(
        '<g class="marked" data-event="paper" data-turn="{5}" data-paper="{3}" data-spans=""'
        ' tabindex="0" role="button" aria-label="Source {4}: {6}"><title>{6}</title>'
        '<circle cx="{0:.2f}" cy="{1:.2f}" r="{2}"></circle>'
        '<text x="{0:.2f}" y="{1:.2f}" dy=".35em">{4}</text></g>'
    ).format(x, y, _LARGE, point.paper_id, label, turn, point.title)
