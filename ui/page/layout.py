"""The layout of the page: which parts there are, and where."""

from __future__ import annotations

import gradio as gr

from ui.doors.named import add_endpoints
from ui.page.ask import AskTab
from ui.page.board import board
from ui.page.papers import PapersTab
from ui.page.talks import TalksBar
from ui.talk.site import Site

_MASTHEAD = (
    '<header id="masthead"><h1>Quoth</h1><p>Ask papers; read the words that answer.</p>{}</header>'
)
_LOG_OUT = '<a href="logout">Log out</a>'


def blocks(site: Site) -> gr.Blocks:
    """The page over one site."""
    with gr.Blocks(title="Quoth", analytics_enabled=False, fill_width=True) as page:
        talks = TalksBar(site)
        gr.HTML(_MASTHEAD.format(_LOG_OUT if site.logins else ""), apply_default_css=False)
        with gr.Row(elem_id="reading"):
            with gr.Column(elem_id="left", scale=3, min_width=320), gr.Tabs(elem_id="tabs"):
                with gr.Tab("Ask", id="ask") as asking:
                    ask = AskTab(site)
                with gr.Tab("Papers", id="papers") as tab:
                    papers = PapersTab(site)
            panel = board(elem_id="panel")
        ask.wire(page, asking, panel)
        papers.wire(tab, ask)
        talks.wire(page, ask)
        add_endpoints(site)
    return page
