"""An answer as HTML: its sentences, told apart by who wrote them, and its markers as links.

Pure functions. A marker carries all that opens it: the paper, the spans of its abstract that
carry the sentence, and the turn in which it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from rag.types import Answer, Citation, Claim, Source
from ui.markup import EMPTY, counted, isolated, join, paper_facts

_MARKER = re.compile(r"\[(\d{1,4})\]")

LEGEND = Markup(
    '<p class="legend"><span class="claim quoted">Words of the paper</span> are in quotation marks;'
    ' <span class="claim supported">words of the model</span> were checked against the sentences'
    " they cite. Numbers open the paper.</p>"
)


def answer_html(answer: Answer, *, turn: str) -> Markup:
    """The answer proper: prose, cards or table by its kind; a calm notice when it abstains.

    Args:
        answer: any answer.
        turn: a name for this turn, unique in the page; element ids are made from it.
    """
    if answer.outcome == "abstained":
        return abstention_html(answer, turn=turn)
    shape = {"list": cards_html, "compare": table_html}.get(answer.kind, prose_html)
    body = shape(answer, turn=turn)
    return Markup('<div class="answer">{}{}{}</div>').format(
        body, _reason(answer), LEGEND if answer.claims else EMPTY
    )


def screened_html(answer: Answer) -> Markup:
    """How much was looked at: "screened 40 of 253 papers, 12 matched"."""
    seen = answer.screened
    if not seen.corpus:
        return EMPTY
    return Markup('<p class="screened">Screened {} of {}, <strong>{} matched</strong>.</p>').format(
        f"{seen.candidates:,}", counted(seen.corpus, "paper"), f"{seen.matched:,}"
    )


def prose_html(answer: Answer, *, turn: str) -> Markup:
    """The text as it stands, line by line, with claims and markers made visible."""
    pieces: list[object] = []
    position = 0
    last: Claim | None = None
    for claim in answer.claims:
        pieces.append(_between(answer, position, claim.start, last, turn))
        pieces.append(claim_html(claim))
        position, last = claim.end, claim
    pieces.append(_between(answer, position, len(answer.text), last, turn))
    return Markup('<div class="prose-answer">{}</div>').format(join(pieces))


def cards_html(answer: Answer, *, turn: str) -> Markup:
    """A list: one card a paper, in the order of the labels, under what the answer says first."""
    first = min((claim.start for claim in answer.claims), default=len(answer.text))
    cards = join(
        Markup('<li class="card" id="{}-card-{}">{}<p class="facts">{}</p>{}</li>').format(
            turn,
            source.label,
            title_html(source, answer.claims, turn=turn),
            paper_facts(source.paper),
            _claims_of(answer, source, turn=turn),
        )
        for source in answer.sources
    )
    return Markup('{}<ol class="cards">{}</ol>').format(_opening(answer, first), cards)


def table_html(answer: Answer, *, turn: str) -> Markup:
    """A comparison: a column a paper, so that what is said of each stands side by side."""
    heads = join(
        Markup('<th scope="col">{}<span class="facts">{}</span></th>').format(
            title_html(source, answer.claims, turn=turn), paper_facts(source.paper)
        )
        for source in answer.sources
    )
    cells = join(
        Markup("<td>{}</td>").format(_claims_of(answer, source, turn=turn))
        for source in answer.sources
    )
    shared = [claim for claim in answer.claims if len(_labels(claim)) > 1]
    both = join(
        Markup("<p>{} {}</p>").format(claim_html(claim), markers_html(claim, answer, turn=turn))
        for claim in shared
    )
    return Markup(
        '{}<div class="scroll" tabindex="0" role="region" aria-label="Comparison">'
        '<table class="comparison"><thead><tr>{}</tr></thead><tbody><tr>{}</tr></tbody></table>'
        "</div>"
    ).format(both, heads, cells)


def abstention_html(answer: Answer, *, turn: str) -> Markup:
    """Nothing in the corpus answers: said plainly, with what came closest."""
    nearest = join(
        Markup(
            '<li><a href="#{0}" class="opens" data-event="paper" data-turn="{0}" data-paper="{1}"'
            ' data-spans="">{2}</a> <span class="facts">{3}</span></li>'
        ).format(turn, near.paper.paper_id, isolated(near.paper.title), near.paper.date or "")
        for near in answer.nearest
    )
    listed = (
        Markup("<p>The nearest papers, not confirmed to answer it:</p><ul>{}</ul>").format(nearest)
        if nearest
        else EMPTY
    )
    reason = answer.reason or "No paper of this corpus was found to answer this."
    return Markup(
        '<div class="answer notice"><p class="notice-head">No answer in these papers</p>'
        "<p>{}</p>{}</div>"
    ).format(isolated(reason), listed)


def claim_html(claim: Claim) -> Markup:
    """One sentence, marked by its verdict."""
    tag = "q" if claim.verdict == "quoted" else "span"
    return Markup('<{0} class="claim {1}" dir="auto">{2}</{0}>').format(
        Markup(tag), claim.verdict, claim.text
    )


def markers_html(claim: Claim, answer: Answer, *, turn: str, only: int | None = None) -> Markup:
    """The markers of one claim; `only` keeps those of one label."""
    sources = {source.label: source for source in answer.sources}
    labels = [label for label in _labels(claim) if only in (None, label)]
    return join(marker_html(sources[label], claim.citations, turn=turn) for label in labels)


def marker_html(source: Source, citations: Iterable[Citation], *, turn: str) -> Markup:
    """`[n]` as a link that opens the paper with the cited words highlighted."""
    return Markup(
        '<a class="marker" href="#{0}-source-{1}" data-event="paper" data-turn="{0}"'
        ' data-paper="{2}" data-spans="{3}" aria-label="Source {1}: {4}">[{1}]</a>'
    ).format(
        turn,
        source.label,
        source.paper.paper_id,
        spans_of(citations, source.label),
        source.paper.title,
    )


def spans_of(citations: Iterable[Citation], label: int) -> str:
    """The cited stretches of one abstract, as "start-end,start-end"."""
    spans = sorted({(c.start, c.end) for c in citations if c.label == label})
    return ",".join(f"{start}-{end}" for start, end in spans)


def title_html(source: Source, claims: Sequence[Claim], *, turn: str) -> Markup:
    """A paper's title that opens it, with every sentence of it that the answer cites."""
    citations = [citation for claim in claims for citation in claim.citations]
    return Markup(
        '<a class="opens title" href="#{0}-source-{1}" data-event="paper" data-turn="{0}"'
        ' data-paper="{2}" data-spans="{3}">{4}</a>'
    ).format(
        turn,
        source.label,
        source.paper.paper_id,
        spans_of(citations, source.label),
        isolated(source.paper.title),
    )


def _claims_of(answer: Answer, source: Source, *, turn: str) -> Markup:
    """What the answer says of one paper alone, or first."""
    return join(
        Markup("<p>{} {}</p>").format(claim_html(claim), markers_html(claim, answer, turn=turn))
        for claim in answer.claims
        if _labels(claim)[0] == source.label
    )


def _labels(claim: Claim) -> list[int]:
    return list(dict.fromkeys(citation.label for citation in claim.citations))


def _opening(answer: Answer, end: int) -> Markup:
    """The words before the first claim, without a list's own bullet or heading of a paper."""
    lines = answer.text[:end].split("\n")[:-1] if answer.claims else [answer.text]
    return join(Markup("<p>{}</p>").format(line) for line in lines if line.strip())


def _between(answer: Answer, start: int, end: int, claim: Claim | None, turn: str) -> Markup:
    """The words between claims: markers become links, line ends become breaks."""
    sources = {source.label: source for source in answer.sources}
    pieces: list[object] = []
    position = start
    for match in _MARKER.finditer(answer.text, start, end):
        source = sources.get(int(match.group(1)))
        if source is None:
            continue
        pieces.append(_lines(answer.text[position : match.start()]))
        citations = claim.citations if claim is not None else ()
        pieces.append(marker_html(source, citations, turn=turn))
        position = match.end()
    pieces.append(_lines(answer.text[position:end]))
    return join(pieces)


def _lines(text: str) -> Markup:
    return join(text.split("\n"), "<br>")


def _reason(answer: Answer) -> Markup:
    if answer.outcome != "partial" or not answer.reason:
        return EMPTY
    return Markup('<p class="partial" role="note">Partial answer: {}</p>').format(
        isolated(answer.reason)
    )
