"""People in front of the page, spoken for over HTTP in the words that a browser uses.

No browser: eight of them would take the processors from what is measured. Linux only where a
server's memory and processor time are read.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Self

import httpx

_CONVERSATION = re.compile(r'data-conversation=\\?"([^"\\]+)')
_EVIDENCE, _READ = 'class=\\"evidence\\"', 'class=\\"chips\\"'
_PATIENCE = httpx.Timeout(600.0)


@dataclass(slots=True)
class Heard:
    """What came of one question. Seconds since it was sent; None: it never came.

    Attributes:
        question: as sent.
        read: until the page said how it was understood.
        evidence: until sentences of papers were on screen.
        whole: until the answer was finished and kept.
    """

    question: str
    read: float | None = None
    evidence: float | None = None
    whole: float | None = None


@dataclass(slots=True)
class Person:
    """A browser of their own with one tab open; use it in an `async with`."""

    url: str
    client: httpx.AsyncClient = field(init=False)
    heard: list[Heard] = field(default_factory=list)
    conversation: str = ""
    _session: str = field(default_factory=lambda: secrets.token_hex(6))
    _events: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    _alive: asyncio.Task[None] | None = None

    def __post_init__(self) -> None:
        origin = {"origin": self.url.rstrip("/")}  # as a browser says it, or the page is not heard
        self.client = httpx.AsyncClient(timeout=_PATIENCE, headers=origin)

    async def __aenter__(self) -> Self:
        await self.client.get(self.url, headers={"accept": "text/html"})  # gives the cookie
        config = (await self.client.get(f"{self.url}config")).json()
        names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
        for event in config["dependencies"]:
            for part, kind in event["targets"]:
                self._events.setdefault((str(names.get(part)), kind), event)
        self._alive = asyncio.create_task(self._stay())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def _stay(self) -> None:
        """The connection by which the server knows that the tab is open."""
        with suppress(httpx.HTTPError):
            address = f"{self.url}gradio_api/heartbeat/{self._session}"
            async with self.client.stream("GET", address) as beats:
                async for _ in beats.aiter_raw():
                    pass

    async def leave(self) -> None:
        """Close the tab: all its connections end, in the middle of whatever goes on."""
        if self._alive is not None:
            self._alive.cancel()
            with suppress(asyncio.CancelledError):
                await self._alive
        await self.client.aclose()

    async def ask(self, question: str, *, leave: bool = False, stop_after: float = -1) -> Heard:
        """Ask and follow the answer.

        Args:
            question: what to ask.
            leave: whether to close the tab once evidence is on screen.
            stop_after: press Stop so many seconds after the evidence; negative: never.
        """
        heard = Heard(question)
        self.heard.append(heard)
        began = perf_counter()
        await self.send("question", "submit", [question, None])
        stopping: asyncio.Task[None] | None = None
        async for line in self._told():
            now = perf_counter() - began
            if heard.read is None and _READ in line:
                heard.read = now
            if heard.evidence is None and _EVIDENCE in line:
                heard.evidence = now
                if leave:
                    await self.leave()
                    return heard
                if stop_after >= 0:
                    stopping = asyncio.create_task(self._stop(stop_after))
            if '"process_completed"' in line:
                heard.whole = now
                found = _CONVERSATION.search(line)
                self.conversation = found.group(1) if found else self.conversation
                break
        if stopping is not None:
            await stopping
        return heard

    async def _stop(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.send("stop", "click", [])

    async def send(self, name: str, kind: str, data: Sequence[object]) -> None:
        """Cause an event of the page: what happens (`kind`) to the part called `name`."""
        event = self._events[name, kind]
        body = {"data": list(data), "fn_index": event["id"], "session_hash": self._session}
        way = "queue/join" if event["queue"] else "run/predict"
        (await self.client.post(f"{self.url}gradio_api/{way}", json=body)).raise_for_status()

    async def _told(self) -> AsyncIterator[str]:
        address = f"{self.url}gradio_api/queue/data?session_hash={self._session}"
        async with self.client.stream("GET", address) as stream:
            async for line in stream.aiter_lines():
                yield line

    async def kept(self) -> list[dict[str, Any]]:
        """The answers of the conversation as they are kept, in the contract's words."""
        reply = await self.client.get(f"{self.url}saved/conversation/{self.conversation}.json")
        reply.raise_for_status()
        return list(reply.json()["answers"])


@dataclass(frozen=True, slots=True)
class Server:
    """A page in a process of its own."""

    url: str
    process: int

    def memory(self) -> int:
        """Bytes of memory the process holds now."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        return int(status.partition("VmRSS:")[2].split()[0]) * 1024

    def processor_seconds(self) -> float:
        """Processor seconds that the process has used so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").split(") ")[1]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def serving(arguments: Sequence[str]) -> AsyncIterator[Server]:
    """`quoth chat` on a free port, ready to answer, until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ui.cli", "chat", "--port", str(port), *arguments]
    process = subprocess.Popen(command)
    try:
        url = f"http://127.0.0.1:{port}/"
        async with httpx.AsyncClient(timeout=_PATIENCE) as client:
            while True:
                if process.poll() is not None:
                    raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
                with suppress(httpx.TransportError):
                    await client.get(f"{url}v1/models")
                    break
                await asyncio.sleep(0.5)
        async with Person(url) as first:  # waits until all models are loaded
            await first.ask("Which papers are there about anything?")
        yield Server(url, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
