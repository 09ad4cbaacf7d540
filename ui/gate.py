"""The gate before every route: right host, right origin, logged in, and whose request it is.

An ASGI middleware, so that nothing (the page, its files, the API, MCP) can be reached around it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from anyio import to_thread

from ui.access import is_loopback
from ui.logins import SESSION_SECONDS, Logins
from ui.render_login import login_html
from ui.replies import HEADERS, Receive, Scope, Send, page, plain
from ui.site import OWNER_HEADER

App = Callable[[Scope, Receive, Send], Awaitable[None]]

BROWSER_COOKIE, LOGIN_COOKIE = "quoth_browser", "quoth_login"
_TEN_YEARS = 10 * 365 * 86_400
_FORM_BYTES = 4096
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


class Gate:
    """Wraps an application.

    Args:
        app: what lies behind.
        host: the address served on; when it is loopback, requests naming other hosts are refused,
            so that no web site can reach the page by a name that it makes point here.
        logins: who may log in; None lets everybody in.
    """

    def __init__(self, app: App, *, host: str, logins: Logins | None = None) -> None:
        self._app = app
        self._local = is_loopback(host)
        self._logins = logins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        refusal = self._refusal(scope, headers)
        if refusal:
            await plain(send, 403, refusal)
            return
        cookies = _cookies(headers)
        if self._logins is None:
            known = cookies.get(BROWSER_COOKIE, "")
            browser = known if _TOKEN.fullmatch(known) else secrets.token_urlsafe(24)
            fresh = browser != known and _html(headers)
            made = _cookie(BROWSER_COOKIE, browser, _TEN_YEARS) if fresh else ""
            await self._pass(scope, receive, send, owner=f"browser:{browser}", cookie=made)
            return
        if scope.get("path") in ("/login", "/login/", "/logout"):
            await self._login(scope, receive, send, headers)
            return
        address = _address(scope)
        name = self._logins.by_cookie(cookies.get(LOGIN_COOKIE, ""))
        if name is None and "authorization" in headers:
            if self._logins.blocked(address):
                await plain(send, 429, "too many wrong passwords; wait a minute")
                return
            told = partial(self._logins.by_header, headers["authorization"], address=address)
            name = await to_thread.run_sync(told)
        if name is not None:
            await self._pass(scope, receive, send, owner=f"user:{name}")
        elif _html(headers):
            await plain(send, 303, "", {"location": "/login"})
        else:
            await plain(
                send,
                401,
                "log in: send Authorization: Bearer NAME:PASSWORD",
                {"www-authenticate": "Bearer"},
            )

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> str:
        """Why a request is refused whoever it comes from; "" when it is not."""
        host = urlsplit(f"//{headers.get('host', '')}")
        if self._local and not is_loopback(host.hostname or ""):
            return f"this page is for this machine only; open it by 127.0.0.1, not {host.hostname}"
        origin = headers.get("origin")
        safe = scope.get("method") in ("GET", "HEAD", "OPTIONS")
        if origin and not safe and urlsplit(origin).netloc != headers.get("host"):
            return f"requests from other sites are refused (origin {origin})"
        return ""

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, *, owner: str, cookie: str = ""
    ) -> None:
        name = OWNER_HEADER.encode()
        headers = [(key, value) for key, value in scope["headers"] if key.lower() != name]
        headers.append((name, owner.encode()))

        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                more = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
                if cookie:
                    more.append((b"set-cookie", cookie.encode()))
                message = {**message, "headers": [*message.get("headers", []), *more]}
            await send(message)

        await self._app({**scope, "headers": headers}, receive, sending)

    async def _login(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]
    ) -> None:
        logins, address = self._logins, _address(scope)
        if logins is None or scope["path"] == "/logout":
            ended = {"location": "/login", "set-cookie": _cookie(LOGIN_COOKIE, "", 0)}
            await plain(send, 303, "", ended)
        elif scope["method"] != "POST":
            await page(send, 200, login_html())
        elif logins.blocked(address):
            await page(send, 429, login_html("Too many wrong passwords; wait a minute."))
        else:
            form = parse_qs((await _body(receive)).decode(errors="replace"))
            name, password = form.get("username", [""])[0], form.get("password", [""])[0]
            right = await to_thread.run_sync(partial(logins.check, name, password, address=address))
            if not right:
                await page(send, 401, login_html("That name and password do not go together."))
                return
            made = {"set-cookie": _cookie(LOGIN_COOKIE, logins.cookie(name), SESSION_SECONDS)}
            if _html(headers):
                await plain(send, 303, "", {"location": "/", **made})
            else:  # gradio_client logs in here and wants the cookie with a 200
                await plain(send, 200, "logged in", made)


def _headers(scope: Scope) -> dict[str, str]:
    return {
        key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]
    }


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie")).items()}
    except CookieError:
        return {}


def _cookie(name: str, value: str, seconds: int) -> str:
    return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax"


def _html(headers: dict[str, str]) -> bool:
    return "text/html" in headers.get("accept", "")


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


async def _body(receive: Receive) -> bytes:
    """The body of a form, cut where no login form is so long."""
    body = b""
    while len(body) < _FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body[:_FORM_BYTES]
