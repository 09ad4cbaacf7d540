"""The sources under an answer: what is cited, why it was chosen, and ways to take it along."""

from __future__ import annotations

from rag.types import RECORD_KINDS, Answer, Source
from ui.html.claims import title_html
from ui.html.markup import EMPTY, Markup, counted, join, paper_facts, scores_line

_FORMATS = (
    ("bib", "BibTeX"),
    ("ris", "RIS"),
    ("csl", "CSL-JSON"),
    ("md", "Markdown"),
    ("csv", "CSV"),
    ("json", "JSON"),
)


def sources_html(answer: Answer, *, turn: str, finished: bool) -> Markup:
    """The list of sources; closed where the answer itself already shows each paper.

    Args:
        answer: any answer; nothing comes of one without sources.
        turn: the name of its turn.
        finished: whether it is kept, so that it can be taken along.
    """
    if not answer.sources:
        return EMPTY
    items = join(source_html(source, answer, turn=turn) for source in answer.sources)
    opened = Markup(" open") if answer.kind in ("fact", "paper", "metadata") else EMPTY
    return Markup('<details class="sources"{}><summary>{}</summary><ol>{}</ol>{}</details>').format(
        opened,
        counted(len(answer.sources), "source"),
        items,
        exports_html(f"saved/answer/{turn}") if finished else EMPTY,
    )


def source_html(source: Source, answer: Answer, *, turn: str) -> Markup:
    """One source: its number, title, facts, and why it was chosen."""
    why = Markup('<p class="why">Chosen by its {}.</p>').format(
        scores_line(source.score, dict(source.parts))
    )
    return Markup(
        '<li class="source" id="{0}-source-{1}" value="{1}">{2}<p class="facts">{3}</p>{4}</li>'
    ).format(
        turn,
        source.label,
        title_html(source, answer.claims, turn=turn),
        paper_facts(source.paper),
        # What was looked up in the records was not chosen by a score.
        why if source.parts or answer.kind not in RECORD_KINDS else EMPTY,
    )


def exports_html(address: str) -> Markup:
    """Links that save, and buttons that copy, what is at `address` in each format.

    Addresses are relative, since the page may lie below a path of a proxy.
    """
    saves = join(
        (
            Markup('<a class="save" href="{0}.{1}" download>{2}</a>').format(address, ending, name)
            for ending, name in _FORMATS
        ),
        " ",
    )
    copies = join(
        (
            Markup('<button type="button" class="copy" data-copy="{0}.{1}">{2}</button>').format(
                address, ending, name
            )
            for ending, name in _FORMATS
        ),
        " ",
    )
    return Markup(
        '<div class="exports"><span>Save as</span> {} <span>Copy as</span> {}'
        '<span class="copied" role="status"></span></div>'
    ).format(saves, copies)
