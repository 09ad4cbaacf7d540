"""The side bar: conversations listed, searched, opened, renamed, exported, deleted."""

from __future__ import annotations

from typing import Any

import gradio as gr

from rag.errors import UsageError
from ui.html.talks import conversations_html
from ui.page.ask import PRIVATE, AskTab
from ui.page.ask_handlers import conversation_board, welcome
from ui.page.board import board, event_data
from ui.talk.site import Site, owner_of

Changes = dict[Any, Any]


class TalksBar:
    """Made inside a `gr.Blocks`; `wire` attaches the events once the Ask tab is made."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with gr.Sidebar(label="Conversations", open=False, width=300, elem_id="talks"):
            self.new = gr.Button("New conversation", elem_id="new-talk")
            self.search = gr.Textbox(
                label="Search conversations",
                show_label=False,
                container=False,
                placeholder="Search conversations",
                elem_id="search-talks",
                max_length=200,
            )
            self.list = board(elem_id="talk-list")

    def wire(self, page: gr.Blocks, ask: AskTab) -> None:
        """Attach the events."""
        self.ask = ask
        listed = {"outputs": self.list, "queue": False, **PRIVATE}
        page.load(self.listed, [self.search, ask.conversation], **listed)
        for asked in ask.asked:
            asked.then(self.listed, [self.search, ask.conversation], **listed)
        self.search.change(self.listed, [self.search, ask.conversation], **listed)
        shown = [ask.log, ask.live, ask.conversation, ask.panel]
        self.new.click(self.begin, None, shown, queue=False, **PRIVATE)
        self.list.talk(
            self.act, [self.search, ask.conversation], [self.list, *shown], queue=False, **PRIVATE
        )

    def listed(self, words: str, kept: str, request: gr.Request) -> str:
        """The list, as searched."""
        found = self.site.conversations.listed(owner_of(request), search=words or "")
        return conversations_html(found, current=kept)

    def begin(self, request: gr.Request) -> Changes:
        """A new conversation; what was being answered is stopped."""
        self.site.runs.stop(str(request.session_hash))
        ask = self.ask
        return {ask.log: welcome(self.site), ask.live: "", ask.conversation: "", ask.panel: ""}

    def act(self, words: str, kept: str, request: gr.Request, event: gr.EventData) -> Changes:
        """A conversation is opened, renamed or deleted."""
        data, owner, talks = event_data(event), owner_of(request), self.site.conversations
        chosen, ask = data.get("id", ""), self.ask
        changes: Changes = {}
        if data.get("do") == "rename":
            try:
                talks.rename(owner, chosen, data.get("title", ""))
            except UsageError as error:
                gr.Warning(str(error))
        elif data.get("do") == "delete":
            talks.delete(owner, chosen)
            if chosen == kept:
                kept = ""
                changes = self.begin(request)
        elif data.get("do") == "open":
            self.site.runs.stop(str(request.session_hash))
            html = conversation_board(self.site, chosen, request)
            kept = chosen if html else ""
            changes = {
                ask.log: html or welcome(self.site),
                ask.live: "",
                ask.conversation: kept,
                ask.panel: "",
            }
        return {self.list: self.listed(words, kept, request), **changes}
