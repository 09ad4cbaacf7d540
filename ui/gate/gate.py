"""The gate before every route: right host, right origin, logged in, and whose request it is.

An ASGI middleware, so that nothing (the page, its files, the API, MCP) can be reached around it.
What a request says of other hosts and addresses ends here (ui/gate/front.py): behind the gate, the
host, the scheme and the path of a request are those that people open.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from rag.errors import QuothError
from ui.gate.front import FORWARDED, Front, caller, refusal
from ui.gate.logins import Checked, Logins
from ui.gate.replies import HEADERS, Receive, Scope, Send, page, plain
from ui.gate.sessions import SESSION_SECONDS
from ui.html.login import login_html
from ui.talk.site import OWNER_HEADER

App = Callable[[Scope, Receive, Send], Awaitable[None]]

BROWSER_COOKIE, LOGIN_COOKIE = "quoth_browser", "quoth_login"
_TEN_YEARS = 10 * 365 * 86_400
_FORM_BYTES = 4096
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")
# Why a name and password were not taken: status, words, and seconds after which to try again.
_REFUSED = {
    "wrong": (401, "That name and password do not go together.", 0),
    "later": (429, "Too many wrong passwords; wait a minute.", 60),
    "busy": (503, "Too many people are logging in; try again in some seconds.", 5),
}
log = logging.getLogger(__name__)


class Gate:
    """Wraps an application.

    Args:
        app: what lies behind.
        host: the address served on; requests that name other hosts are refused, so that no web
            site can reach the page by a name that it makes point here.
        logins: who may log in; None lets everybody in.
        front: the proxy before the page and the address that people open, if there is one.
    """

    def __init__(
        self, app: App, *, host: str, logins: Logins | None = None, front: Front | None = None
    ) -> None:
        self._app = app
        self._host = host
        self._logins = logins
        self._front = front
        self._root = front.path if front else ""
        secure = "; Secure" if front and front.scheme == "https" else ""
        self._cookie_end = f"; Path={self._root or '/'}; HttpOnly; SameSite=Lax{secure}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks it
            return
        headers = _headers(scope)
        refused = refusal(headers, host=self._host, front=self._front)
        if not scope.get("query_string", b"").isascii():
            refused = "an address has only ASCII characters; others are written as %XX"
        if refused:
            await plain(send, 403, refused)
        elif self._root and scope["path"] == self._root:
            await plain(send, 308, "", {"location": f"{self._root}/"})
        else:
            await self._enter(scope, receive, send, headers)

    async def _enter(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]
    ) -> None:
        cookies = _cookies(headers)
        if self._logins is None:
            browser = cookies.get(BROWSER_COOKIE) or secrets.token_urlsafe(24)
            fresh = BROWSER_COOKIE not in cookies and "text/html" in headers.get("accept", "")
            made = self._cookie(BROWSER_COOKIE, browser, _TEN_YEARS) if fresh else ""
            await self._pass(scope, receive, send, owner=f"browser:{browser}", cookie=made)
            return
        try:
            if self._path(scope) in ("/login", "/login/", "/logout", "/logout/"):
                await self._login(self._logins, scope, receive, send, headers)
                return
            who = await self._who(self._logins, scope, headers, cookies)
        except QuothError as error:
            log.error("nobody can log in: %s", error)
            await plain(send, 503, "logins cannot be checked now; the server's log says why")
            return
        if who.outcome == "right":
            await self._pass(scope, receive, send, owner=f"user:{who.name}")
        elif who.outcome != "wrong":
            status, words, seconds = _REFUSED[who.outcome]
            await plain(send, status, words, {"retry-after": str(seconds)})
        elif "text/html" in headers.get("accept", ""):
            await plain(send, 303, "", {"location": f"{self._root}/login"})
        else:
            asked = {"www-authenticate": "Bearer"}
            await plain(send, 401, "log in: send Authorization: Bearer NAME:PASSWORD", asked)

    async def _who(
        self, logins: Logins, scope: Scope, headers: dict[str, str], cookies: dict[str, str]
    ) -> Checked:
        """Who asks. A session is looked at first: no guessing of others ever shuts it out."""
        name = logins.by_cookie(cookies.get(LOGIN_COOKIE, ""))
        if name is not None:
            return Checked("right", name)
        if "authorization" not in headers:
            return Checked("wrong")
        address = caller(scope, headers, front=self._front)
        return await logins.by_header(headers["authorization"], address=address)

    async def _pass(
        self, scope: Scope, receive: Receive, send: Send, *, owner: str, cookie: str = ""
    ) -> None:
        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                more = [(key.encode(), value.encode()) for key, value in HEADERS.items()]
                if cookie:
                    more.append((b"set-cookie", cookie.encode()))
                message = {**message, "headers": [*message.get("headers", []), *more]}
            await send(message)

        await self._app(self._behind(scope, owner), receive, sending)

    def _behind(self, scope: Scope, owner: str) -> Scope:
        """A request as what lies behind sees it. An origin in it is the page's own."""
        name, front = OWNER_HEADER.encode(), self._front
        dropped = {name, b"host"} if front else {name}
        headers = [
            (key, value)
            for key, value in scope["headers"]
            if key.lower() not in dropped and not FORWARDED.fullmatch(key.lower())
        ]
        headers.append((name, owner.encode()))
        if front is None:
            return {**scope, "headers": headers}
        path = self._root + self._path(scope)
        headers.append((b"host", front.netloc.encode()))
        more = {"scheme": front.scheme, "root_path": self._root, "path": path}
        return {**scope, **more, "raw_path": None, "headers": headers}

    def _path(self, scope: Scope) -> str:
        """The path below the public one, which a proxy may have cut off or left on."""
        path = str(scope["path"])
        whole = self._root and path.startswith(f"{self._root}/")
        return path[len(self._root) :] if whole else path

    async def _login(
        self, logins: Logins, scope: Scope, receive: Receive, send: Send, headers: dict[str, str]
    ) -> None:
        cookies, action = _cookies(headers), f"{self._root}/login"
        if self._path(scope).startswith("/logout"):
            if headers.get("sec-fetch-site") == "cross-site":
                await plain(send, 403, "other sites log nobody out")
                return
            logins.log_out(cookies.get(LOGIN_COOKIE, ""))
            ended = self._cookie(LOGIN_COOKIE, "", 0)
            await plain(send, 303, "", {"location": action}, cookies=(ended,))
            return
        if scope["method"] != "POST":
            await page(send, 200, login_html(action=action))
            return
        form = parse_qs((await _body(receive)).decode(errors="replace"))
        name, password = form.get("username", [""])[0], form.get("password", [""])[0]
        browser = cookies.get(BROWSER_COOKIE, "")
        address = caller(scope, headers, front=self._front)
        checked = await logins.check(name, password, address=address, browser=browser)
        if checked.outcome != "right":
            status, words, seconds = _REFUSED[checked.outcome]
            later = {"retry-after": str(seconds)} if seconds else None
            await page(send, status, login_html(words, action=action), later)
            return
        browser = browser or secrets.token_urlsafe(24)
        token = await logins.start(checked, browser=browser, ending=cookies.get(LOGIN_COOKIE, ""))
        made = (
            self._cookie(LOGIN_COOKIE, token, SESSION_SECONDS),
            self._cookie(BROWSER_COOKIE, browser, _TEN_YEARS),
        )
        if "text/html" in headers.get("accept", ""):
            await plain(send, 303, "", {"location": f"{self._root}/"}, cookies=made)
        else:  # gradio_client logs in here and wants the cookie with a 200
            await plain(send, 200, "logged in", cookies=made)

    def _cookie(self, name: str, value: str, seconds: int) -> str:
        return f"{name}={value}; Max-Age={seconds}{self._cookie_end}"


def _headers(scope: Scope) -> dict[str, str]:
    """Headers by name in lower case; one that came more than once is joined, as HTTP has it."""
    found: dict[str, str] = {}
    for key, value in scope["headers"]:
        name, text = key.decode("latin-1").lower(), value.decode("latin-1")
        between = "; " if name == "cookie" else ", "
        found[name] = f"{found[name]}{between}{text}" if name in found else text
    return found


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    """Our cookies, those of the right form only; others on the same host do not get in the way."""
    found: dict[str, str] = {}
    for part in headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name in (BROWSER_COOKIE, LOGIN_COOKIE) and _TOKEN.fullmatch(value):
            found.setdefault(name, value)
    return found


async def _body(receive: Receive) -> bytes:
    """The body of a form, cut where no login form is so long."""
    body = b""
    while len(body) < _FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body[:_FORM_BYTES]
