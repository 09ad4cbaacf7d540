"""The page as `quoth chat` starts it. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.config import Config
from rag.contract.terminal import say
from rag.errors import UsageError
from ui.gate.access import require_safe_host
from ui.gate.logins import Logins
from ui.gate.sessions import Sessions
from ui.private import private_place
from ui.talk.conversations import Conversations
from ui.talk.desk import Asks
from ui.talk.site import Ingests, Loader, Site

if TYPE_CHECKING:
    from ui.gate.front import Front
    from ui.gate.gate import Gate

CONVERSATIONS, SESSIONS = "conversations.sqlite", "sessions.sqlite"


def build(
    config: Config,
    *,
    host: str = "127.0.0.1",
    auth: Path | None = None,
    front: Front | None = None,
    make_assistant: Callable[[], Asks] | None = None,
) -> Gate:
    """The application over the index of `config`, behind its gate; models load in the background.

    Args:
        config: names the index and the models.
        host: the address it will be served on.
        auth: the file of names and passwords; None lets everybody in.
        front: the proxy before the page, if there is one.
        make_assistant: what makes the assistant, `rag.build.assistant` when None.

    Raises:
        UsageError: the host is not loopback and there is no auth file.
    """
    require_safe_host(host, auth=auth, public_name=front.name if front else "")
    site = site_over(config, make_assistant=make_assistant)
    return behind_gate(site, host=host, auth=auth, front=front)


def behind_gate(site: Site, *, host: str, auth: Path | None, front: Front | None = None) -> Gate:
    """A site's application behind the gate that decides who may come in.

    Raises:
        UsageError: the auth file cannot be read.
    """
    from ui.gate.gate import Gate
    from ui.page.server import make_app

    logins = None
    if auth is not None:
        logins = Logins(auth, sessions=Sessions(private_place(site.folder, SESSIONS)))
        logins.users()
        site.logins = True
    return Gate(make_app(site), host=host, logins=logins, front=front)


def site_over(config: Config, *, make_assistant: Callable[[], Asks] | None = None) -> Site:
    """What all handlers share, with loading begun."""
    loader = Loader(make_assistant or (lambda: _assistant(config)))
    loader.start()
    return Site(
        loader=loader,
        conversations=Conversations(private_place(config.index, CONVERSATIONS)),
        folder=config.index,
        make_ingestor=lambda: _ingestor(config),
    )


def serve(
    config: Config,
    *,
    host: str,
    port: int,
    auth: Path | None,
    front: Front | None = None,
    open_browser: bool = False,
) -> None:
    """Serve the page until interrupted.

    Args:
        config: names the index and the models.
        host: the address to listen on.
        port: the port to listen on.
        auth: the file of names and passwords; None lets everybody in.
        front: the proxy before the page, if there is one.
        open_browser: whether to show the page once it is up.

    Raises:
        UsageError: the host is not loopback and there is no auth file, or the port is taken.
    """
    require_safe_host(host, auth=auth, public_name=front.name if front else "")
    require_free_port(host, port)
    from ui.page.serving import nobody, run

    site = site_over(config)
    app = behind_gate(site, host=host, auth=auth, front=front)
    address = f"http://{'[' + host + ']' if ':' in host else host}:{port}/"
    opened = f"{front.origin}{front.path}/, by a proxy to {address}" if front else address
    say(f"the page is at {opened} (Ctrl+C ends it)")
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    many = front.is_proxy if front else nobody
    run(app, host=host, port=port, ending=site.end, many=many)


def require_free_port(host: str, port: int) -> None:
    """Say early, and in words, that a port cannot be had.

    Raises:
        UsageError: it is taken or forbidden, or the host is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host}:{port} ({error.strerror or error}); try --port {port + 1}"
            ) from error


def _assistant(config: Config) -> Asks:
    from rag import build

    return build.assistant(config)


def _ingestor(config: Config) -> Ingests:
    from rag import build

    return build.ingestor(config)
