"""Sentences of an answer and their markers: who wrote them, and what opens at a click.

A marker carries all that opens it: the paper, the spans of its abstract that carry the sentence,
and the turn in which it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.types import Answer, AnyCitation, Citation, Claim, Source
from ui.html.markup import Markup, isolated, join

_MARKER = re.compile(r"\[(\d{1,4})\]")
FIELD_WORDS = {
    "author_count": "number of authors",
    "organization": "organisation",
    "doi": "DOI",
    "arxiv_id": "arXiv number",
    "url": "link",
    "code_url": "link to code",
    "retracted": "retraction",
}
"""Fields of a record in words, where their name is none."""
_OPEN, _CLOSE = "\u201c", "\u201d"


def stretch_html(answer: Answer, start: int, end: int, *, turn: str) -> Markup:
    """The characters `[start, end)` of the text: claims marked, markers as links, breaks kept."""
    pieces: list[object] = []
    position = start
    last: Claim | None = None
    for claim in answer.claims:
        if claim.end <= start:
            last = claim
        if claim.start < start or claim.end > end:
            continue
        first, beyond = _with_marks(answer.text, claim)
        pieces.append(_between(answer, position, first, last, turn))
        pieces.append(claim_html(claim))
        position, last = beyond, claim
    pieces.append(_between(answer, position, end, last, turn))
    return join(pieces)


def claim_html(claim: Claim) -> Markup:
    """One sentence, marked by its verdict; copying keeps its quotation marks."""
    if claim.verdict == "quoted":
        return Markup('<q class="claim quoted" dir="auto">{}{}{}</q>').format(
            _OPEN, claim.text, _CLOSE
        )
    if claim.verdict == "record":
        return Markup('<span class="claim record" dir="auto">{}</span>{}').format(
            claim.text, fields_html(claim)
        )
    return Markup('<span class="claim supported" dir="auto">{}</span>').format(claim.text)


def fields_html(claim: Claim) -> Markup:
    """A chip for each field of a record that a claim was told from; its title is what stands there.

    A paper that is only named, in a list of what was counted, needs none.
    """
    told = {one.field: one.value for one in claim.fields if one.field not in ("title", "paper_id")}
    return join(
        Markup(' <span class="chip field" title="{}">Record: {}</span>').format(
            value, FIELD_WORDS.get(name, name)
        )
        for name, value in told.items()
    )


def markers_html(claim: Claim, answer: Answer, *, turn: str) -> Markup:
    """The markers of one claim."""
    sources = {source.label: source for source in answer.sources}
    return join(
        marker_html(sources[label], claim.citations, turn=turn) for label in labels_of(claim)
    )


def marker_html(source: Source, citations: Iterable[AnyCitation], *, turn: str) -> Markup:
    """`[n]` as a link that opens the paper with the cited words highlighted."""
    return Markup(
        '<a class="marker" href="#{0}-source-{1}" data-event="paper" data-turn="{0}"'
        ' data-paper="{2}" data-spans="{3}" aria-label="Source {1}: {4}" title="{4}">[{1}]</a>'
    ).format(
        turn,
        source.label,
        source.paper.paper_id,
        spans_of(citations, source.label),
        source.paper.title,
    )


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
        isolated(source.paper.title or source.paper.paper_id),
    )


def spans_of(citations: Iterable[AnyCitation], label: int) -> str:
    """The cited stretches of one abstract, as "start-end,start-end"."""
    quotes = (c for c in citations if isinstance(c, Citation) and c.label == label)
    spans = sorted({(c.start, c.end) for c in quotes})
    return ",".join(f"{start}-{end}" for start, end in spans)


def labels_of(claim: Claim) -> list[int]:
    """The labels a claim cites, each once."""
    return list(dict.fromkeys(citation.label for citation in claim.citations))


def _with_marks(text: str, claim: Claim) -> tuple[int, int]:
    """A claim's place with the quotation marks that the text itself has around it."""
    marked = text[claim.start - 1 : claim.start] == _OPEN and text[claim.end :][:1] == _CLOSE
    return (claim.start - 1, claim.end + 1) if marked else (claim.start, claim.end)


def _between(answer: Answer, start: int, end: int, claim: Claim | None, turn: str) -> Markup:
    """The words between claims; a marker there belongs to the claim before it."""
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
