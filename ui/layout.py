"""The layout of the page: which parts there are, and where."""

from __future__ import annotations

import gradio as gr

from ui.site import Site
from ui.tab_ask import AskTab

_MASTHEAD = (
    '<header id="masthead"><h1>Quoth</h1><p>Ask papers; read the words that answer.</p></header>'
)


def blocks(site: Site) -> gr.Blocks:
    """The page over one site."""
    with gr.Blocks(title="Quoth", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(_MASTHEAD, apply_default_css=False)
        ask = AskTab(site)
        ask.wire(page)
    return page
