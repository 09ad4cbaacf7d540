"""Asking the gate without a server: what lies behind it tells what it saw."""

from __future__ import annotations

import asyncio
import json

import httpx

from ui.gate.access import hash_password, write_users
from ui.gate.gate import LOGIN_COOKIE, Gate
from ui.gate.logins import Logins
from ui.gate.sessions import Sessions
from ui.talk.site import OWNER_HEADER

ADA, BO = "correct horse battery", "another long one"


async def behind(scope, receive, send):
    """An application that says whose request it sees."""
    owner = [value for key, value in scope["headers"] if key == OWNER_HEADER.encode()]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b",".join(owner)})


async def mirror(scope, receive, send):
    """An application that says what it sees of host, path and headers."""
    seen = {key: scope.get(key) for key in ("scheme", "path", "root_path")}
    seen["headers"] = {
        key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]
    }
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(seen).encode()})


async def asked(gate, method="GET", path="/", *, host="127.0.0.1:7860", peer="10.0.0.9", **options):
    """One request to a gate."""
    transport = httpx.ASGITransport(gate, client=(peer, 1))
    headers = options.pop("headers", {})
    if isinstance(headers, dict):
        headers = {"host": host, **headers}
    async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
        return await client.request(method, path, headers=headers, **options)


def ask_gate(gate, method="GET", path="/", **options):
    """One request to a gate, waited for."""
    return asyncio.run(asked(gate, method, path, **options))


def log_in(gate, name, password, *, peer="10.0.0.9", cookies=None, **headers):
    """The login form, sent."""
    form = {"username": name, "password": password}
    return ask_gate(
        gate, "POST", "/login", peer=peer, data=form, cookies=cookies or {}, headers=headers
    )


def locked_gate(folder, *, users=None, front=None):
    """A gate with an auth file and sessions of its own."""
    path = folder / "auth.json"
    write_users(path, users or {"ada": hash_password(ADA), "bo": hash_password(BO)})
    logins = Logins(path, sessions=Sessions(folder / "sessions.sqlite"))
    return Gate(behind, host="0.0.0.0", logins=logins, front=front)


def who(gate, cookie):
    """What somebody with this session's cookie is told."""
    return ask_gate(gate, cookies={LOGIN_COOKIE: cookie})
