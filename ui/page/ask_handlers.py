"""Handlers of the conversation: asking, stopping, opening a paper. Thin: what, not how."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

import gradio as gr

from rag.errors import IndexMissingError, QuothError, UsageError
from rag.language.sane import visible
from rag.types import Paper
from ui.boundary import boundary
from ui.html.markup import EMPTY, isolated, scores_line
from ui.html.paper import message_panel, panel_html, read_spans
from ui.html.plots import map_html
from ui.html.turn import conversation_html, empty_html, failure_html, turn_html
from ui.page.board import event_data
from ui.page.examples import example_questions
from ui.page.library import map_points
from ui.private import private_place
from ui.talk.again import changed, without
from ui.talk.cases import FEEDBACK, case_of, write_cases
from ui.talk.conversations import history
from ui.talk.desk import Ask, View
from ui.talk.site import Site, owner_of

LIVE = "live-turn"
QUESTION_LENGTH = 10_000

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """What is on screen of a question, and the conversation that it is part of."""

    html: str
    conversation: str
    ended: bool = False


def answered(site: Site, ask: Ask, conversation: str, request: gr.Request) -> Iterator[Step]:
    """Answer a question on screen: a step after each event; the last keeps the turn on disk."""
    owner, session = owner_of(request), str(request.session_hash)
    stop = site.runs.begin(session)
    view = View(question=ask.question)
    try:
        yield Step(turn_html(view, turn=LIVE, note=note_of(site)), conversation)
        said = history(site.conversations.turns(owner, conversation))
        with boundary():
            for view in site.loader.desk().views(replace(ask, history=said), stop=stop):
                yield Step(turn_html(view, turn=LIVE, note=note_of(site)), conversation)
        if view.answer is not None:
            conversation, _ = site.conversations.add(owner, conversation, view.answer)
        yield Step("", conversation, ended=True)
    except QuothError as error:
        log.warning("question %r failed: %s", ask.question, error)
        yield Step(failure_html(ask.question, str(error)), conversation, ended=True)
    finally:
        stop.set()
        site.runs.end(session, stop)


def note_of(site: Site) -> str:
    """What else keeps a question waiting."""
    if site.loader.ready:
        return ""
    return f"{site.loader.stage} ({site.loader.seconds:.0f} s)"


def conversation_board(site: Site, conversation: str, request: gr.Request) -> str:
    """The finished turns of a conversation as HTML; empty when it has none for this owner."""
    turns = site.conversations.turns(owner_of(request), conversation)
    if not turns:
        return ""
    return conversation_html(turns, conversation=conversation)


def opened_paper(site: Site, event: gr.EventData, request: gr.Request) -> str:
    """The panel of the paper that was clicked, with the cited words highlighted.

    A paper of a kept answer is shown as it was then, whether or not it is still in the corpus.
    """
    data = event_data(event)
    paper_id = data.get("paper", "")
    why = ""
    kept: Paper | None = None
    turn = site.conversations.turn(owner_of(request), data.get("turn", ""))
    if turn is not None:
        for source in turn.answer.sources:
            if visible(source.paper.paper_id) == paper_id:
                kept, why = source.paper, scores_line(source.score, dict(source.parts))
    paper = kept or _shown_as(site, paper_id)
    if paper is None:
        return message_panel("This paper is no longer in the corpus.")
    return panel_html(paper, spans=read_spans(data.get("spans", "")), why=why)


def _shown_as(site: Site, paper_id: str) -> Paper | None:
    """The paper of an id as the page has it, which is without what is not seen."""
    try:
        return site.assistant.paper(paper_id)
    except KeyError:
        papers = site.assistant.papers()
        return next((paper for paper in papers if visible(paper.paper_id) == paper_id), None)


def opened_map(site: Site, event: gr.EventData, request: gr.Request) -> str:
    """The map with the papers of one answer marked."""
    turn_id = event_data(event).get("turn", "")
    turn = site.conversations.turn(owner_of(request), turn_id)
    marked = {source.paper.paper_id: source.label for source in turn.answer.sources} if turn else {}
    return map_html(map_points(site), marked=marked, turn=turn_id, title="Where these papers lie")


def asked_again(site: Site, event: gr.EventData, request: gr.Request) -> Ask:
    """The question of a turn, read as the person now says.

    Raises:
        UsageError: the turn is not theirs, or a value cannot be taken.
    """
    data = event_data(event)
    turn = site.conversations.turn(owner_of(request), data.get("turn", ""))
    if turn is None:
        raise UsageError("that answer is no longer here; ask the question anew")
    return without(turn.answer, data["drop"]) if "drop" in data else changed(turn.answer, data)


def rated(site: Site, event: gr.EventData, request: gr.Request) -> None:
    """Keep a rating, and all ratings as a file of evaluation cases."""
    data = event_data(event)
    rating = {"1": 1, "-1": -1}.get(data.get("rating", ""), 0)
    kept = site.conversations.rate(
        owner_of(request), data.get("turn", ""), rating=rating, comment=data.get("comment", "")
    )
    if kept:
        cases = [case_of(turn, history=said) for turn, said in site.conversations.rated()]
        write_cases(private_place(site.folder, FEEDBACK), cases)


def loading_html(site: Site) -> str:
    """What is being loaded, or what failed; empty when all is there."""
    if isinstance(site.loader.error, IndexMissingError):
        return EMPTY  # the welcome says how to begin
    if site.loader.error is not None:
        return isolated(f"Loading failed: {site.loader.error}")
    if site.loader.ready:
        return EMPTY
    return isolated(
        f"{site.loader.stage} {site.loader.seconds:.0f} s. Searching and reading work already;"
        " the first start takes about half a minute longer than later ones."
    )


def welcome(site: Site) -> str:
    """The page before the first question; a sign to look again while the papers are opened."""
    if not site.loader.opened:
        if isinstance(site.loader.error, IndexMissingError):
            return empty_html((), papers=0)
        return '<div data-waiting="yes"></div>'
    papers = site.assistant.papers()
    return empty_html(example_questions(papers), papers=len(papers))
