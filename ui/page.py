"""The page as `quoth chat` starts it. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Config
from ui.asking import Asks
from ui.conversations import Conversations
from ui.site import Loader, Site

if TYPE_CHECKING:
    from fastapi import FastAPI

CONVERSATIONS = "conversations.sqlite"


def build(config: Config, *, make_assistant: Callable[[], Asks] | None = None) -> FastAPI:
    """The application over the index of `config`; its models load in the background.

    Args:
        config: names the index and the models.
        make_assistant: what makes the assistant, `rag.build.assistant` when None.
    """
    from ui.server import make_app

    return make_app(site_over(config, make_assistant=make_assistant))


def site_over(config: Config, *, make_assistant: Callable[[], Asks] | None = None) -> Site:
    """What all handlers share, with loading begun."""
    loader = Loader(make_assistant or (lambda: _assistant(config)))
    loader.start()
    return Site(loader=loader, conversations=Conversations(config.index / CONVERSATIONS))


def serve(
    config: Config, *, host: str, port: int, auth: Path | None, open_browser: bool = False
) -> None:
    """Serve the page until interrupted.

    Args:
        config: names the index and the models.
        host: the address to listen on.
        port: the port to listen on.
        auth: the file of names and passwords; None lets everybody in.
        open_browser: whether to show the page once it is up.
    """
    import uvicorn

    app = build(config)
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [f"http://{host}:{port}/"]).start()
    uvicorn.run(app, host=host, port=port, log_level="warning")


def _assistant(config: Config) -> Asks:
    from rag import build

    return build.assistant(config)
