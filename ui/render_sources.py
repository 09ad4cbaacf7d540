"""The sources under an answer: what is cited, with all that is known of it."""

from __future__ import annotations

from markupsafe import Markup

from rag.types import Answer, Source
from ui.markup import EMPTY, counted, join, paper_facts, scores_line
from ui.render_answer import title_html


def sources_html(answer: Answer, *, turn: str, finished: bool) -> Markup:
    """The list of sources; closed where the answer itself already shows each paper as a card.

    Args:
        answer: any answer; nothing comes of one without sources.
        turn: the name of its turn.
        finished: whether more may come.
    """
    if not answer.sources:
        return EMPTY
    items = join(source_html(source, answer, turn=turn) for source in answer.sources)
    opened = Markup(" open") if answer.kind in ("fact", "paper") else EMPTY
    return Markup('<details class="sources"{}><summary>{}</summary><ol>{}</ol></details>').format(
        opened, counted(len(answer.sources), "source"), items
    )


def source_html(source: Source, answer: Answer, *, turn: str) -> Markup:
    """One source: its number, title, facts, and why it was chosen."""
    return Markup(
        '<li class="source" id="{0}-source-{1}" value="{1}">{2}<p class="facts">{3}</p>'
        '<p class="why">{4}</p></li>'
    ).format(
        turn,
        source.label,
        title_html(source, answer.claims, turn=turn),
        paper_facts(source.paper),
        scores_line(source.score, dict(source.parts)),
    )
