"""A turn of the conversation: the question, how it was read, the evidence, the answer, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from rag.types import Answer, Evidence, Found
from ui.asking import View
from ui.markup import EMPTY, counted, isolated, join, paper_facts
from ui.render_answer import answer_html, screened_html
from ui.render_chips import chips_html
from ui.render_sources import sources_html

# Evidence is shown before the answer; more than this many papers are only counted.
_EVIDENCE_SHOWN = 6


def turn_html(view: View, *, turn: str, live: bool = False, note: str = "") -> Markup:
    """One turn as it stands.

    Args:
        view: what is known of it.
        turn: its name, unique in the page.
        live: whether it is being answered now; then its progress is said.
        note: a line to show with the progress, such as that a model is being loaded.
    """
    answer = view.answer
    parts: list[object] = [question_html(view.question)]
    understood = answer or view.understood
    if understood is not None:
        parts.append(chips_html(understood, turn=turn))
    if live and not view.done:
        parts.append(progress_html(view, note=note))
    if view.found is not None and (answer is None or not answer.claims) and not view.done:
        parts.append(evidence_html(view.found, turn=turn))
    if answer is not None and (answer.text or answer.outcome == "abstained"):
        if answer.outcome != "abstained":
            parts.append(screened_html(answer))
        parts.append(answer_html(answer, turn=turn))
        parts.append(sources_html(answer, turn=turn, finished=view.done))
    return Markup(
        '<section class="turn" id="{}" aria-label="Question and answer">{}</section>'
    ).format(turn, join(parts))


def stored_html(answer: Answer, *, turn: str) -> Markup:
    """A turn that has ended, from its answer alone."""
    return turn_html(View(question=answer.question, answer=answer, done=True), turn=turn)


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


def conversation_html(turns: Iterable[tuple[str, Answer]], *, conversation: str) -> Markup:
    """All finished turns of a conversation, in order."""
    body = join(stored_html(answer, turn=turn) for turn, answer in turns)
    return Markup('<div class="turns" data-conversation="{}">{}</div>').format(conversation, body)


def failure_html(question: str, message: str) -> Markup:
    """A question that ended in an error, in words."""
    return Markup(
        '<section class="turn">{}<div class="notice failed" role="alert"><p class="notice-head">'
        "This question was not answered</p><p>{}</p></div></section>"
    ).format(question_html(question), isolated(message))


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
