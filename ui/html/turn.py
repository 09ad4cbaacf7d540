"""A turn of the conversation: the question, how it was read, the evidence, the answer, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.types import RECORD_KINDS, Answer, Evidence, Found
from ui.html.answer import answer_html, screened_html
from ui.html.chips import chips_html
from ui.html.markup import EMPTY, Markup, counted, isolated, join, paper_facts
from ui.html.plots import years_html
from ui.html.sources import sources_html
from ui.html.talks import rating_html
from ui.talk.conversations import StoredTurn
from ui.talk.desk import View

# Evidence is shown before the answer; more than this many papers are only counted.
_EVIDENCE_SHOWN = 6


def turn_html(view: View, *, turn: str, note: str = "") -> Markup:
    """A turn as it is being answered.

    Args:
        view: what is known of it.
        turn: its name, unique in the page.
        note: a line to show with the progress, such as that a model is being loaded.
    """
    answer, understood = view.answer, view.answer or view.understood
    parts: list[object] = [question_html(view.question)]
    if understood is not None:
        parts.append(chips_html(understood, turn=turn))
    if not view.done:
        parts.append(progress_html(view, note=note))
    written = answer is not None and (answer.claims or answer.outcome == "abstained")
    if view.found is not None and not written and not view.done:
        parts.append(evidence_html(view.found, turn=turn))
    if answer is not None and (written or view.done):
        parts += _answer_parts(answer, turn=turn, finished=view.done)
    return _section(parts, turn=turn)


def stored_html(stored: StoredTurn) -> Markup:
    """A turn that has ended, with all that can be done with it."""
    answer, turn = stored.answer, stored.turn_id
    tools = [rating_html(turn, rating=stored.rating, comment=stored.comment)]
    if answer.sources:
        tools.insert(
            0,
            Markup(
                '<button type="button" class="tool" data-event="chart" data-turn="{}">'
                "Show on the map</button>"
            ).format(turn),
        )
    return _section(
        [
            question_html(stored.question),
            chips_html(answer, turn=turn, editable=True),
            *_answer_parts(answer, turn=turn, finished=True),
            Markup('<div class="tools">{}</div>').format(join(tools)),
        ],
        turn=turn,
    )


def _answer_parts(answer: Answer, *, turn: str, finished: bool) -> list[Markup]:
    notes = [
        Markup('<p class="screened">{}.</p>').format(note.capitalize()) for note in answer.notes
    ]
    if answer.outcome == "abstained":
        return [answer_html(answer, turn=turn), *notes]
    papers = [source.paper for source in answer.sources]
    plot = answer.kind == "list" and finished
    return [
        # What is told of records says itself what was looked at.
        EMPTY if answer.kind in RECORD_KINDS else screened_html(answer),
        years_html(papers, label="Papers of this answer per year") if plot else EMPTY,
        answer_html(answer, turn=turn, finished=finished),
        sources_html(answer, turn=turn, finished=finished),
        *notes,
    ]


def _section(parts: Iterable[object], *, turn: str) -> Markup:
    return Markup(
        '<section class="turn" id="{}" aria-label="Question and answer">{}</section>'
    ).format(turn, join(parts))


def question_html(question: str) -> Markup:
    """What was asked, as typed."""
    return Markup('<h2 class="question" dir="auto">{}</h2>').format(question)


def progress_html(view: View, *, note: str = "") -> Markup:
    """What is going on, for eyes and screen readers."""
    if view.found is None:
        words = "Looking for evidence…" if view.understood else "Reading the question…"
    elif view.ahead:
        words = f"The evidence is here. {counted(view.ahead, 'question')} ahead of yours…"
    else:
        count = len(view.found.evidence)
        words = f"Reading {counted(count, 'paper')}, writing one checked sentence at a time…"
    said = join([words, " ", note]) if note else words
    return Markup('<p class="progress" role="status"><span class="busy"></span>{}</p>').format(said)


def evidence_html(found: Found, *, turn: str) -> Markup:
    """The evidence before the words: each paper with the sentences that will be read."""
    if not found.evidence:
        return EMPTY
    shown = found.evidence[:_EVIDENCE_SHOWN]
    more = len(found.evidence) - len(shown)
    items = join(_evidence_item(evidence, turn=turn) for evidence in shown)
    rest = Markup('<p class="facts">and {} more</p>').format(more) if more else EMPTY
    return Markup(
        '<div class="evidence" aria-label="Evidence found"><h3>Evidence</h3><ul>{}</ul>{}</div>'
    ).format(items, rest)


def empty_html(examples: Sequence[str], *, papers: int) -> Markup:
    """The page before the first question: what this is and how to begin."""
    if not papers:
        return Markup(
            '<section class="empty"><h2>There are no papers yet</h2><p>Open the <b>Papers</b> tab'
            " and add a file, or run <code>quoth ingest FILE</code>; then ask.</p></section>"
        )
    buttons = join(
        Markup(
            '<button type="button" class="example" data-event="example" data-question="{0}">{0}'
            "</button>"
        ).format(example)
        for example in examples
    )
    return Markup(
        '<section class="empty"><h2>Ask {} a question</h2><p>Every sentence of an answer names the'
        " words of a paper that carry it. For example:</p><div>{}</div></section>"
    ).format(counted(papers, "paper"), buttons)


def conversation_html(turns: Iterable[StoredTurn], *, conversation: str) -> Markup:
    """All finished turns of a conversation, in order."""
    body = join(stored_html(turn) for turn in turns)
    return Markup('<div class="turns" data-conversation="{}">{}</div>').format(conversation, body)


def notice_html(title: str, message: str) -> Markup:
    """Something that could not be done, and what to do about it."""
    return Markup(
        '<div class="notice failed" role="alert"><p class="notice-head">{}</p><p>{}</p></div>'
    ).format(title, isolated(message))


def failure_html(question: str, message: str) -> Markup:
    """A question that ended in an error, in words."""
    return Markup('<section class="turn">{}{}</section>').format(
        question_html(question), notice_html("This question was not answered", message)
    )


def _evidence_item(evidence: Evidence, *, turn: str) -> Markup:
    spans = ",".join(f"{sentence.start}-{sentence.end}" for sentence in evidence.sentences)
    words = evidence.sentences[0].text(evidence.paper.abstract)
    return Markup(
        '<li><a class="opens" href="#{0}" data-event="paper" data-turn="{0}" data-paper="{1}"'
        ' data-spans="{2}">{3}</a> <span class="facts">{4}</span>'
        '<blockquote dir="auto">{5}</blockquote></li>'
    ).format(
        turn,
        evidence.paper.paper_id,
        spans,
        isolated(evidence.paper.title),
        paper_facts(evidence.paper),
        words,
    )
