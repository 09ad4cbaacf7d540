"""The web server: how long a connection may be silent, how many one address may have, how it ends.

uvicorn waits for ever for a request that has begun or not, and for ever for the last response.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

SILENT_SECONDS = 20.0
"""A connection on which we wait for a request, or for the rest of one, is closed after so long."""
LOOK_SECONDS = 5.0
CONNECTIONS_EACH, CONNECTIONS = 256, 700
"""Of one address and of all. A browser opens six; each takes a file of the process, of which most
systems allow 1,024."""
_GRACE_SECONDS, _CLEANING_SECONDS = 0.5, 1
"""When the server ends: what is being answered gets so long to be finished, and after that what
runs for it so long to clean up."""


def nobody(address: str) -> bool:
    """No address speaks for many people."""
    return False


class Crowd:
    """Who is connected, the longest first; when they are too many, somebody silent has to go.

    Args:
        many: whether an address speaks for many people, as a proxy does, and so has no limit.
    """

    def __init__(self, *, many: Callable[[str], bool] = nobody) -> None:
        self._many = many
        self._there: dict[Connection, str] = {}
        self._each: Counter[str] = Counter()

    def joined(self, connection: Connection, address: str) -> None:
        """Somebody connects."""
        self._there[connection] = address
        self._each[address] += 1
        everybody = len(self._there) > CONNECTIONS
        crowded = self._each[address] > CONNECTIONS_EACH and not self._many(address)
        if everybody or crowded:
            wanted = (one for one, where in self._there.items() if everybody or where == address)
            # The new one is the last of them: it stays, unless all others are being answered.
            next(one for one in wanted if not one.answering).drop()

    def left(self, connection: Connection) -> None:
        """Their connection has ended."""
        address = self._there.pop(connection, None)
        if address is not None:
            self._each[address] -= 1
            if not self._each[address]:
                del self._each[address]


class Connection(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # one of two, by what is there
    """One connection: uvicorn's own, closed when it is silent where it should speak."""

    crowd: ClassVar[Crowd]

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Somebody connects."""
        super().connection_made(transport)
        self._waited_since = time.monotonic()
        self._looking = self.loop.call_later(LOOK_SECONDS, self._look)
        peer = transport.get_extra_info("peername")
        self.crowd.joined(self, str(peer[0]) if peer else "")

    def data_received(self, data: bytes) -> None:
        """They say something; the head of a request counts once it is whole."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._waited_since = time.monotonic()

    def connection_lost(self, error: Exception | None) -> None:
        """The connection has ended."""
        self._looking.cancel()
        self.crowd.left(self)
        super().connection_lost(error)

    @property
    def answering(self) -> bool:
        """Whether it is not they who are waited for: they have asked, or we read no further."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            return False
        return not cycle.more_body or bool(self.flow.read_paused)

    def drop(self) -> None:
        """Close the connection without another word, and count it no more."""
        self.crowd.left(self)
        self.transport.abort()

    def _look(self) -> None:
        """Close the connection if it has been waited for too long; look again if not."""
        now = time.monotonic()
        if self.answering:
            self._waited_since = now
        if now - self._waited_since > SILENT_SECONDS:
            self.drop()
        else:
            self._looking = self.loop.call_later(LOOK_SECONDS, self._look)


class Server(uvicorn.Server):
    """uvicorn's server, which says when it begins to end."""

    def __init__(self, config: uvicorn.Config, *, ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ending = ending

    async def shutdown(self, sockets: Any = None) -> None:
        """Told by a signal to end: a moment for what is being answered, then nobody is there.

        The stream of events of an open page never ends by itself. Closed from here, it ends as it
        does when a browser leaves, and not in an error.
        """
        self._ending()
        for listener in self.servers:
            listener.close()
        until = time.monotonic() + _GRACE_SECONDS
        connections: list[Any] = list(self.server_state.connections)
        while any(one.answering for one in connections) and time.monotonic() < until:
            await asyncio.sleep(0.05)
        for one in connections:
            one.drop()
        await super().shutdown(sockets)


def server(
    app: Any,
    *,
    host: str,
    port: int,
    ending: Callable[[], None],
    many: Callable[[str], bool] = nobody,
) -> Server:
    """A server, not yet running.

    Args:
        app: an ASGI application.
        host: the address to listen on.
        port: the port to listen on.
        ending: called once when the server is told to end, before what goes on is waited for.
        many: whether an address speaks for many people.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        log_config=None,  # what it tells goes the way of all that Quoth tells
        http=type("Connection", (Connection,), {"crowd": Crowd(many=many)}),
        ws="none",
        proxy_headers=False,  # whoever connects could say so, from this machine too
        timeout_graceful_shutdown=_CLEANING_SECONDS,
    )
    return Server(config, ending=ending)


def run(app: Any, **options: Any) -> None:
    """Serve, as `server` would, until a signal says otherwise; within seconds then it ends."""
    server(app, **options).run()
