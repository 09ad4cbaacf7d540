"""The Ask tab: the conversation, the question box, the side panel; its handlers are methods."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag.errors import UsageError
from ui.html.turn import notice_html
from ui.page.ask_handlers import (
    QUESTION_LENGTH,
    answered,
    asked_again,
    conversation_board,
    loading_html,
    opened_map,
    opened_paper,
    rated,
    welcome,
)
from ui.page.board import board, event_data
from ui.talk.desk import Ask
from ui.talk.site import Site

# So many questions are looked up at once; their answers are written one at a time
# (ui/talk/line.py).
ASKED_AT_ONCE = 32
PRIVATE = {"api_visibility": "private", "show_progress": "hidden"}
Changes = dict[Any, Any]


class AskTab:
    """Made inside a `gr.Blocks`; `wire` attaches the events once all tabs are made."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.conversation = gr.State("")
        self.welcomed = gr.State(True)
        self.begun = gr.State(False)
        with gr.Column(elem_id="talk"):
            self.log = board(elem_id="log")
            self.live = board(elem_id="live")
            self._composer()
            self.loading = board(elem_id="loading")
        self.timer = gr.Timer(1.0)

    def _composer(self) -> None:
        with gr.Row(elem_id="composer"):
            self.question = gr.Textbox(
                label="Question",
                show_label=False,
                container=False,
                placeholder="Ask about the papers",
                info=None,
                lines=1,
                max_lines=8,
                max_length=QUESTION_LENGTH,
                autofocus=True,
                elem_id="question",
                scale=5,
            )
            self.ask = gr.Button("Ask", variant="primary", elem_id="ask", scale=0, min_width=96)
            self.stop = gr.Button(
                "Stop", variant="stop", elem_id="stop", scale=0, min_width=96, visible=False
            )

    def wire(self, page: gr.Blocks, tab: gr.Tab, panel: gr.HTML) -> None:
        """Attach the events; `tab` is around this, `panel` shows what is opened."""
        self.panel = panel
        outputs = [self.log, self.live, self.question, self.ask, self.stop, self.conversation]
        asking: dict[str, Any] = {
            "outputs": outputs,
            "concurrency_limit": ASKED_AT_ONCE,
            "concurrency_id": "ask",
            **PRIVATE,
        }
        at_once: dict[str, Any] = {"queue": False, **PRIVATE}
        begun = [self.log, self.conversation, self.loading, self.welcomed, self.begun]
        # Not queued, so that no stream of events is being closed when the first question comes.
        page.load(self.begin, None, begun, **at_once)
        page.unload(self.halt)
        back = [self.begun, self.conversation]
        tab.select(self.returned, back, [self.log, self.loading], **at_once)
        ticked = [self.loading, self.timer, self.log, self.welcomed]
        self.timer.tick(self.tick, [self.welcomed, self.conversation], ticked, **at_once)
        typed = [self.question, self.conversation]
        self.asked = [
            self.question.submit(self.typed, typed, **asking),
            self.ask.click(self.typed, typed, **asking),
            self.log.example(self.example, [self.conversation], **asking),
            self.log.again(self.again, [self.conversation], **asking),
        ]
        for asked in self.asked:
            asked.failure(self.failed, None, [self.live, self.ask, self.stop], **at_once)
        self.log.rate(self.rate, [self.conversation], self.log, **at_once)
        self.log.chart(self.chart, None, panel, **PRIVATE)
        self.stop.click(self.pressed, None, self.stop, **at_once)
        for shown in (self.log, self.live, panel):
            shown.paper(self.open_paper, None, panel, **at_once)
        panel.shut(self.shut, None, panel, **at_once)

    def begin(self, request: gr.Request) -> Changes:
        """The page is opened: the conversation its address names, or how to begin."""
        kept = str(request.query_params.get("c", ""))
        html = conversation_board(self.site, kept, request)
        return {
            self.log: html or welcome(self.site),
            self.conversation: kept if html else "",
            self.loading: loading_html(self.site),
            self.welcomed: bool(html) or self.site.loader.opened,
            self.begun: True,
        }

    def returned(self, begun: bool, kept: str, request: gr.Request) -> Changes:
        """Back from the Papers tab, where papers may have come or gone.

        Gradio selects the first tab when the page is opened, too, and that may be before `begin`
        has said which conversation this is.
        """
        changed: Changes = {self.loading: loading_html(self.site)}
        if begun and not kept and not self.site.runs.going(str(request.session_hash)):
            changed[self.log] = welcome(self.site)
        return changed

    def typed(self, words: str, kept: str, request: gr.Request) -> Iterator[Changes]:
        """A question from the box."""
        yield from self.run(Ask(question=words), kept, request)

    def example(self, kept: str, request: gr.Request, event: gr.EventData) -> Iterator[Changes]:
        """An example question was clicked."""
        words = event_data(event).get("question", "")[:QUESTION_LENGTH]
        yield from self.run(Ask(question=words), kept, request)

    def again(self, kept: str, request: gr.Request, event: gr.EventData) -> Iterator[Changes]:
        """A chip was removed or changed."""
        try:
            ask = asked_again(self.site, event, request)
        except UsageError as error:
            gr.Warning(str(error))
            yield {self.live: ""}
            return
        yield from self.run(ask, kept, request)

    def rate(self, kept: str, request: gr.Request, event: gr.EventData) -> str:
        """A thumb was pressed, or a comment on an answer sent."""
        rated(self.site, event, request)
        return conversation_board(self.site, kept, request)

    def chart(self, request: gr.Request, event: gr.EventData) -> str:
        """The papers of an answer are to be shown on the map."""
        return opened_map(self.site, event, request)

    def run(self, ask: Ask, kept: str, request: gr.Request) -> Iterator[Changes]:
        """Answer on screen: first the question box is freed, last the turn joins the log."""
        if not ask.question.strip():
            yield {self.live: ""}
            return
        first: Changes = {
            self.question: "",
            self.ask: gr.Button(visible=False),
            self.stop: gr.Button("Stop", visible=True, interactive=True),
            **({} if kept else {self.log: ""}),
        }
        for step in answered(self.site, ask, kept, request):
            if step.ended:
                yield {
                    self.live: step.html,
                    self.log: conversation_board(self.site, step.conversation, request),
                    self.conversation: step.conversation,
                    self.ask: gr.Button(visible=True),
                    self.stop: gr.Button(visible=False),
                }
            else:
                yield {self.live: step.html, **first}
                first = {}

    def failed(self) -> Changes:
        """Something broke that nobody foresaw (Gradio has shown and logged what): ask on."""
        return {
            self.live: notice_html(
                "This question was not answered",
                "Something went wrong inside; the terminal that runs Quoth has the details. "
                "You can ask again.",
            ),
            self.ask: gr.Button(visible=True),
            self.stop: gr.Button(visible=False),
        }

    def open_paper(self, request: gr.Request, event: gr.EventData) -> str:
        """A marker or a title was clicked."""
        return opened_paper(self.site, event, request)

    def shut(self) -> str:
        """The panel is closed."""
        return ""

    def pressed(self, request: gr.Request) -> gr.Button:
        """Stop was pressed: the step under way ends, which on a busy machine takes seconds."""
        self.site.runs.stop(str(request.session_hash))
        return gr.Button("Stopping…", interactive=False)

    def halt(self, request: gr.Request) -> None:
        """The tab was closed."""
        self.site.leave(str(request.session_hash))

    def tick(self, welcomed: bool, kept: str) -> Changes:
        """Say how loading goes; the timer ends with it."""
        changed: Changes = {self.loading: loading_html(self.site)}
        if self.site.loader.ready:
            changed[self.timer] = gr.Timer(active=False)
        looked = self.site.loader.opened or self.site.loader.ready
        if not welcomed and not kept and looked:
            changed |= {self.log: welcome(self.site), self.welcomed: True}
        return changed
