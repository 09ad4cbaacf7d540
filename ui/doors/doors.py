"""What of the application can be reached, and how much a request may bring.

Gradio has some eighty routes; the page and its programs need these. A route that is not named here
is closed, so that a new version of Gradio opens nothing by itself. Behind the gate
(ui/gate/gate.py), which has written whose request it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from rag.contract.wire import read_json
from rag.errors import UnforeseenError
from ui.boundary import boundary
from ui.doors.events import EVENT_ROUTE, Refusal, event_body, event_refusal, file_refusal
from ui.gate.replies import Receive, Scope, Send, plain
from ui.talk.site import OWNER_HEADER
from ui.talk.uploads import UPLOAD_BYTES

if TYPE_CHECKING:
    from ui.talk.site import Site

JSON_BYTES = 4 * 1024 * 1024
"""The most that a request other than an upload may bring."""
UPLOAD_ROUTE = re.compile(r"/gradio_api/upload/?")
_FILE_ROUTE = re.compile(r"/gradio_api/file=(.*)", re.DOTALL)
_OURS = re.compile(r"/(?:v1|saved)/.*", re.DOTALL)
_MCP = r"/gradio_api/mcp/?"
_READ = re.compile(
    r"/|/config/?|/theme\.css|/favicon\.ico|/robots\.txt|/manifest\.json"
    r"|/(?:static|assets|svelte)/.*"
    r"|/gradio_api/(?:info/?|openapi\.json|theme\.css|startup-events|app_id/?|user/?|login_check/?"
    r"|heartbeat/[^/]+|queue/data|queue/status|upload_progress|call/(?:v2/)?[^/]+/[^/]+"
    rf"|mcp/schema)|{_MCP}",
    re.DOTALL,
)
_WRITTEN = re.compile(rf"/gradio_api/(?:cancel|reset/?)|{_MCP}")

log = logging.getLogger(__name__)


class Doors:
    """Wraps the application with Gradio's page in it.

    Args:
        app: what lies behind.
        page: the page's `gr.Blocks`.
        site: the site.
    """

    def __init__(self, app: Any, page: Any, site: Site) -> None:
        self._app = app
        self._page = page
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # nothing here speaks WebSocket
        if scope["method"] in ("GET", "HEAD"):
            refusal = self._reading_refusal(scope)
        elif scope["method"] == "POST" and UPLOAD_ROUTE.fullmatch(_path(scope)):
            refusal = _length_refusal(scope, UPLOAD_BYTES)
            receive = _bounded(receive, UPLOAD_BYTES)
        else:
            told = await self._told(scope, receive)
            refusal = told if isinstance(told, Refusal) else None
            if isinstance(told, bytes):
                scope, receive = _with_body(scope, receive, told)
        if refusal is None:
            await self._passed_on(scope, receive, send)
        else:
            await plain(send, refusal.status, refusal.reason, {"connection": "close"})

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through. What escapes from behind is told in one line.

        Nobody else shall print a trace-back of it: most often it is the sender's fault.
        """
        begun = False

        async def sending(message: MutableMapping[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            with boundary(traced=False):
                await self._app(scope, receive, sending)
        except UnforeseenError as error:
            log.warning("%s %r: %s", scope["method"], _path(scope)[:200], error)
            if not begun:
                await plain(send, 500, str(error), {"connection": "close"})

    def _reading_refusal(self, scope: Scope) -> Refusal | None:
        path = _path(scope)
        named = _FILE_ROUTE.fullmatch(path)
        if named is not None:
            own = self._site.uploads.is_own(_owner(scope), named[1])
            return None if own else Refusal(404, "there is no such file of yours")
        known = _READ.fullmatch(path) or _OURS.fullmatch(path)
        return None if known else Refusal(404, f"there is no page {path}")

    async def _told(self, scope: Scope, receive: Receive) -> bytes | Refusal:
        """What a request says, as it is passed on."""
        path = _path(scope)
        event = EVENT_ROUTE.fullmatch(path)
        ours = _OURS.fullmatch(path)
        if not (event or ours or _WRITTEN.fullmatch(path)):
            return Refusal(404, f"there is nothing to send to at {path}")
        refusal = _length_refusal(scope, JSON_BYTES)
        if refusal is not None:
            return refusal
        try:
            body = await _body(_bounded(receive, JSON_BYTES))
        except HTTPException as error:
            return Refusal(error.status_code, str(error.detail))
        if ours or scope["method"] != "POST":
            return body
        try:
            tree = read_json(body)
        except ValueError as error:
            return Refusal(400, f"the request is not JSON that can be read: {error}")
        is_own = partial(self._site.uploads.is_own, _owner(scope))
        refusal = file_refusal(tree, is_own=is_own)
        if refusal is None and event is not None:
            # Browsers say with every POST from which site it comes, and the gate lets our own
            # pass only. A program may say so too: nothing that the page may do is its alone.
            from_page = bool(_header(scope, b"origin"))
            refusal = event_refusal(self._page.fns, event, tree, from_page=from_page)
        if refusal is not None:
            return refusal
        return event_body(event, tree)


def _path(scope: Scope) -> str:
    """The path below where the application is mounted (ASGI: `path` begins with `root_path`)."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key.lower() == name:
            return bytes(value).decode("latin-1")
    return ""


def _owner(scope: Scope) -> str:
    return _header(scope, OWNER_HEADER.encode())


def _length_refusal(scope: Scope, most: int) -> Refusal | None:
    """Why a request is refused by the length that it says it has; it need not say one."""
    said = _header(scope, b"content-length")
    if said.isdecimal() and int(said) > most:
        return Refusal(413, _too_long(most))
    return None


def _too_long(most: int) -> str:
    return f"a request may bring {most:,} bytes here; send less at a time"


def _bounded(receive: Receive, most: int) -> Receive:
    """The same request, ending in an error where it has brought too much."""
    met = 0

    async def receiving() -> MutableMapping[str, Any]:
        nonlocal met
        message = await receive()
        met += len(message.get("body", b""))
        if met > most:
            raise HTTPException(413, _too_long(most), headers={"connection": "close"})
        return message

    return receiving


async def _body(receive: Receive) -> bytes:
    """All of a request; a client that left in the middle has said nothing more."""
    body = bytearray()
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body)


def _with_body(scope: Scope, receive: Receive, body: bytes) -> tuple[Scope, Receive]:
    """The request with a body that has been read already."""
    names = (b"content-length", b"transfer-encoding")
    headers = [pair for pair in scope["headers"] if pair[0].lower() not in names]
    headers.append((b"content-length", str(len(body)).encode()))
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else await receive()

    return {**scope, "headers": headers}, receiving
