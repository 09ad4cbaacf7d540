"""The real application on a port of its own, and a browser to look at it. For tests."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from rag.config import Config
from ui.gate.front import Front
from ui.page.start import behind_gate, site_over
from ui.talk.site import Site

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@dataclass(frozen=True, slots=True)
class Served:
    """A running page."""

    url: str
    site: Site
    folder: Path


@contextlib.contextmanager
def served(
    config: Config,
    *,
    auth: Path | None = None,
    front: Front | None = None,
    make_assistant: Callable[[], Any] | None = None,
) -> Iterator[Served]:
    """The page over an index, until the block ends; its models may still be loading."""
    from ui.page.serving import server as page_server

    port = free_port()
    site = site_over(config, make_assistant=make_assistant)
    app = behind_gate(site, host="127.0.0.1", auth=auth, front=front)
    server = page_server(app, host="127.0.0.1", port=port, ending=site.end)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < until, "the server did not start within a minute"
        time.sleep(0.05)
    try:
        yield Served(f"http://127.0.0.1:{port}/", site, config.index)
    finally:
        server.should_exit = True
        thread.join(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def chromium() -> str:
    """Debian's browser; without one the test is skipped, but not where .ci/run has installed it."""
    return _installed("chromium", "chromium-browser", required="QUOTH_BROWSER_REQUIRED")


def nginx() -> str:
    """Debian's reverse proxy, likewise."""
    return _installed("nginx", required="QUOTH_PROXY_REQUIRED")


def openssl() -> str:
    """What makes a certificate for a test, likewise."""
    return _installed("openssl", required="QUOTH_PROXY_REQUIRED")


def _installed(*names: str, required: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        assert not os.environ.get(required), f"{names[0]} is not installed"
        pytest.skip(f"no {names[0]} here (apt-get install {names[0]})")
    return found
