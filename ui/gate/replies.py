"""Plain ASGI replies, and the headers that every reply of the page carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# The browser itself is told to load nothing from anywhere else. Gradio compiles its templates in
# the page, hence the unsafe words; what is shown is escaped (ui/html/markup.py).
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'"
        " 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
        " worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    # Not "no-referrer": with that, a browser sends forms with the origin "null" (Fetch standard,
    # 3.1), and the login form would be refused as coming from another site.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


async def page(send: Send, status: int, html: str, more: Mapping[str, str] | None = None) -> None:
    """A page of our own, with more headers."""
    await _respond(send, status, html, {"content-type": "text/html; charset=utf-8", **(more or {})})


async def plain(
    send: Send,
    status: int,
    text: str,
    more: Mapping[str, str] | None = None,
    *,
    cookies: Iterable[str] = (),
) -> None:
    """A line of text, with more headers, and cookies to set."""
    kind = {"content-type": "text/plain; charset=utf-8"}
    await _respond(send, status, text, {**kind, **(more or {})}, cookies)


async def _respond(
    send: Send, status: int, text: str, headers: Mapping[str, str], cookies: Iterable[str] = ()
) -> None:
    own = {**headers, "cache-control": "no-store", **HEADERS}
    lines = [(key.encode(), value.encode()) for key, value in own.items()]
    lines += [(b"set-cookie", cookie.encode()) for cookie in cookies]
    await send({"type": "http.response.start", "status": status, "headers": lines})
    await send({"type": "http.response.body", "body": text.encode()})
