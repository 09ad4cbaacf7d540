"""Asking a service over HTTP: politely, with limits, and again where it says so."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.errors import FetchError

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 32 * 2**20
"""Bytes of a reply, unpacked. A page of papers has one or two millions."""
LONGEST_REPLY = 300.0
"""Seconds that a reply may take from its first byte to its last."""
TRIES = 5
LONGEST_WAIT = 120.0
"""Seconds waited when a service asks for it. Who asks for more is told of instead."""
_BUSY = frozenset({429, 500, 502, 503, 504})
_MOST_REDIRECTS = 3
_SHOWN = 160  # characters of a message of a service
_KEPT = "what was fetched is kept: run it again later and it goes on from there"


class Client:
    """Asks one service, one question at a time.

    Raises, from every method, `FetchError` with what happened and what to do next.
    """

    def __init__(
        self,
        *,
        pause: float = 0.0,
        timeout: float = 30.0,
        headers: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is opened yet.

        Args:
            pause: seconds between two questions, as the service asks for.
            timeout: seconds without a byte after which a try is given up.
            headers: sent with each question.
            sleep: waits so many seconds.
            clock: seconds since some time.
        """
        self._pause = pause
        self._timeout = timeout
        self._headers = {"user-agent": "quoth (papers for a local index)", **(headers or {})}
        self._sleep = sleep
        self._clock = clock
        self._last: float | None = None

    def get(self, url: str, params: Mapping[str, str], *, help: Mapping[int, str]) -> bytes:
        """The body of a reply.

        Args:
            url: the address.
            params: what is asked.
            help: what to do next where a status comes; 0 stands for no connection.

        Raises:
            FetchError: no such reply could be had.
        """
        for tried in range(1, TRIES + 1):
            self._wait_for_turn()
            status, body, asked_wait = self._tried(url, params, help=help)
            if status == 200:
                return body
            if status not in _BUSY or tried == TRIES:
                break
            wait = self._wait(tried) if asked_wait is None else asked_wait
            if wait > LONGEST_WAIT:
                minutes = max(1, round(wait / 60))
                raise FetchError(f"{_host(url)} asks to wait {minutes:,} minutes; {_KEPT}")
            self._sleep(wait)
        raise FetchError(_refused(url, status, body, help))

    def _wait_for_turn(self) -> None:
        now = self._clock()
        if self._last is not None and now - self._last < self._pause:
            self._sleep(self._pause - (now - self._last))
        self._last = self._clock()

    def _wait(self, tried: int) -> float:
        """Seconds before another try, twice as long each time, and not the same for everybody."""
        return max(self._pause, 2.0 ** (tried - 1)) * random.uniform(1.0, 1.25)

    def _tried(
        self, url: str, params: Mapping[str, str], *, help: Mapping[int, str]
    ) -> tuple[int, bytes, float | None]:
        """Status, body and how long to wait; 504 stands for a reply that did not come."""
        import httpx

        try:
            with (
                httpx.Client(
                    timeout=self._timeout,
                    headers=self._headers,
                    follow_redirects=True,
                    max_redirects=_MOST_REDIRECTS,
                    trust_env=not _is_here(url),  # no proxy stands before this machine
                ) as client,
                client.stream("GET", url, params=dict(params)) as reply,
            ):
                return reply.status_code, _body(reply, url), _retry_after(reply)
        except httpx.ConnectError as error:
            next_step = help.get(0, f"is this machine online? If so, {_KEPT}")
            raise FetchError(f"{_host(url)} cannot be reached ({error}); {next_step}") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, ValueError) as error:
            raise FetchError(
                f"{_host(url)} cannot be asked ({error}): is its address right in the settings?"
            ) from error
        except httpx.TransportError as error:  # no answer in time, or a line that broke
            return 504, str(error).encode(), None
        except httpx.HTTPError as error:
            raise FetchError(f"{_host(url)} answered no page ({error}); {_KEPT}") from error


def _body(reply: httpx.Response, url: str) -> bytes:
    """The bytes of a reply.

    Raises:
        FetchError: they are more, or take longer, than any page of papers.
    """
    ends = time.monotonic() + LONGEST_REPLY
    pieces: list[bytes] = []
    size = 0
    for piece in reply.iter_bytes(64 * 1024):
        size += len(piece)
        if size > MOST_BYTES:
            raise FetchError(
                f"{_host(url)} sent more than {MOST_BYTES:,} bytes, which no page of papers has: "
                "nothing of it was kept. Is its address right in the settings?"
            )
        if time.monotonic() > ends:
            raise FetchError(f"{_host(url)} sends too slowly; {_KEPT}")
        pieces.append(piece)
    return b"".join(pieces)


def _retry_after(reply: httpx.Response) -> float | None:
    """Seconds that a service asks to wait, in either form of the header."""
    said = reply.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return float(said[:9])
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def _refused(url: str, status: int, body: bytes, help: Mapping[int, str]) -> str:
    text = " ".join(body[:4000].decode("utf-8", "replace").split())
    said = f" ({text[:_SHOWN]})" if text and not text.startswith("<") else ""
    if status in help:
        next_step = help[status]
    elif status in _BUSY:
        next_step = f"it is busy; {_KEPT}"
    else:
        next_step = "is what is asked for written as it wants it?"
    return f"{_host(url)} answered {status}{said}; {next_step}"


def _host(url: str) -> str:
    """Who is asked, without what is asked: a key may be in that."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or url
    except ValueError:
        return url


def _is_here(url: str) -> bool:
    return _host(url).rpartition(":")[0].strip("[]") in ("127.0.0.1", "localhost", "::1")
