"""A paper in the side panel: its abstract, with the words that carry a sentence highlighted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath

from rag.language.numerals import whole
from rag.types import Paper
from ui.html.markup import EMPTY, Markup, isolated, join, paper_facts

Span = tuple[int, int]
_FAR = 10_000_000  # characters: beyond any abstract


def panel_html(paper: Paper, *, spans: Sequence[Span] = (), why: str = "") -> Markup:
    """The panel: title, facts, abstract with `spans` highlighted, why it was chosen.

    Args:
        paper: the paper as it was when it was cited.
        spans: `[start, end)` in characters of the abstract; what lies outside is left out.
        why: one line on its scores; empty when it was not chosen by a question.
    """
    head = panel_head(paper.title or "(no title)")
    chosen = Markup('<p class="why">Why it was chosen: {}</p>').format(why) if why else EMPTY
    kept = Markup('<p class="facts">From: {}</p>').format(
        join(map(isolated, _names(paper.source)), ", ")
    )
    return Markup(
        '<article class="panel" aria-labelledby="panel-title">{}<p class="facts">{}</p>'
        '<div class="abstract" dir="auto">{}</div>{}{}</article>'
    ).format(
        head,
        paper_facts(paper),
        highlighted(paper.abstract, spans),
        chosen,
        kept if paper.source else EMPTY,
    )


def _names(sources: Iterable[str]) -> list[str]:
    """The files a paper was read from, by name: their folders are nobody else's business."""
    return list(dict.fromkeys(PurePath(source).name or source for source in sources))


def panel_head(title: str) -> Markup:
    """The title of what the side panel shows, and the button that closes it."""
    return Markup(
        '<div class="panel-head"><h2 id="panel-title" tabindex="-1" dir="auto">{}</h2>'
        '<button type="button" class="close" data-event="shut" aria-label="Close the panel">'
        "&times;</button></div>"
    ).format(title)


def message_panel(message: str) -> Markup:
    """The panel with nothing but a message."""
    return Markup('<article class="panel">{}</article>').format(panel_head(message))


def highlighted(abstract: str, spans: Iterable[Span]) -> Markup:
    """The abstract, every character of it, with the spans marked."""
    pieces: list[object] = []
    position = 0
    for start, end in merged(spans, len(abstract)):
        pieces.append(abstract[position:start])
        pieces.append(Markup("<mark>{}</mark>").format(abstract[start:end]))
        position = end
    pieces.append(abstract[position:])
    return join(pieces)


def merged(spans: Iterable[Span], length: int) -> list[Span]:
    """The spans inside `[0, length)`, in order, those that touch made one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        start, end = max(0, start), min(end, length)
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def read_spans(written: str) -> list[Span]:
    """The spans of a marker, "start-end,start-end"; anything else in it is left out."""
    spans: list[Span] = []
    for piece in written.split(","):
        start, _, end = piece.partition("-")
        first, beyond = whole(start, most=_FAR), whole(end, most=_FAR)
        if first is not None and beyond is not None:
            spans.append((first, beyond))
    return spans
