"""What every handler of the page shares: the assistant as it becomes ready, and who is asking."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from rag.errors import ModelError, QuothError
from ui.talk.conversations import Conversations
from ui.talk.desk import Asks, Desk
from ui.talk.line import Line
from ui.talk.uploads import Uploads

OWNER_HEADER = "x-quoth-owner"
# A question asked while the index is being opened waits at most so long before it says so.
OPENING_SECONDS = 120.0
# What opening an index and loading models may raise: shown to people, who can act on it.
LOADING_ERRORS = (QuothError, OSError, RuntimeError, ImportError, ValueError)

log = logging.getLogger(__name__)


class Ingests(Protocol):
    """What the page needs of `rag.library.ingest.Ingestor`."""

    def run(
        self,
        paths: Any,
        *,
        page_year: int | None = None,
        progress: Any = None,
        stop: threading.Event | None = None,
    ) -> Any:
        """Bring files into the index; gives an `IngestReport`."""

    def remove_source(self, name: str) -> Any:
        """Take a file's papers out."""


class Loader:
    """Makes the assistant and loads its models in the background, and says how far it is."""

    def __init__(self, make: Callable[[], Asks]) -> None:
        self._make = make
        self._made = threading.Event()
        self._ready = threading.Event()
        self._line = Line()
        self._desk: Desk | None = None
        self._began = time.monotonic()
        self.error: Exception | None = None
        self.stage = "Opening the papers…"

    def start(self) -> None:
        """Begin; returns at once."""
        self._began = time.monotonic()
        threading.Thread(target=self._load, name="quoth-loader", daemon=True).start()

    def _load(self) -> None:
        try:
            assistant = self._make()
            self._desk = Desk(assistant, self._line)
            self._made.set()
            self.stage = "Loading the models…"
            assistant.warm()
        except LOADING_ERRORS as error:
            # The boundary of a thread: nobody above could hear of it, so it is kept and shown.
            if isinstance(error, QuothError):  # says by itself what is wrong and what to do
                log.warning("loading failed: %s", error)
            else:
                log.exception("loading failed")
            self.error = error
        finally:
            self._made.set()
            self._ready.set()

    def reopen(self) -> None:
        """Put the assistant over the index as it is now in the place of the one before.

        Questions go on being answered by the one before until the new one is warm.

        Raises:
            QuothError: the index cannot be opened; the one before stays.
        """
        assistant = self._make()
        assistant.warm()
        self._desk = Desk(assistant, self._line)
        self.error = None

    @property
    def ready(self) -> bool:
        """Whether loading has ended, well or not."""
        return self._ready.is_set()

    @property
    def opened(self) -> bool:
        """Whether the papers are open, so that asking for them does not wait."""
        return self._desk is not None

    @property
    def seconds(self) -> float:
        """Seconds since loading began."""
        return time.monotonic() - self._began

    def desk(self, *, seconds: float = OPENING_SECONDS) -> Desk:
        """Where questions go, waiting until the papers are open.

        Raises:
            ModelError: they could not be opened, with the reason, or not within `seconds`.
        """
        self._made.wait(seconds)
        if self._desk is None:
            if isinstance(self.error, QuothError):
                raise self.error
            raise ModelError(str(self.error or "still opening the papers; try again in a minute"))
        return self._desk

    def wait(self, *, seconds: float) -> bool:
        """Wait until the models are loaded; whether they are."""
        return self._ready.wait(seconds)


class Runs:
    """What each browser tab has going on now, so that it can be stopped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stops: dict[str, threading.Event] = {}
        self._ending = False

    def begin(self, session: str) -> threading.Event:
        """A stop for a new run; a run of the same tab that still goes on is stopped."""
        stop = threading.Event()
        with self._lock:
            if self._ending:
                stop.set()
            earlier = self._stops.get(session)
            self._stops[session] = stop
        if earlier is not None:
            earlier.set()
        return stop

    def stop(self, session: str) -> None:
        """End the tab's run, if there is one."""
        with self._lock:
            stop = self._stops.get(session)
        if stop is not None:
            stop.set()

    def stop_all(self) -> None:
        """The page ends: nothing goes on, and nothing begins."""
        with self._lock:
            self._ending = True
            stops = list(self._stops.values())
        for stop in stops:
            stop.set()

    def going(self, session: str) -> bool:
        """Whether the tab's question is being answered."""
        with self._lock:
            return session in self._stops

    def end(self, session: str, stop: threading.Event) -> None:
        """Forget a run that has ended."""
        with self._lock:
            if self._stops.get(session) is stop:
                del self._stops[session]


@dataclass(slots=True)
class Site:
    """All that handlers need.

    `folder` is the index folder, where the page keeps its own files; `logins` says whether people
    have to log in, and so can log out.
    """

    loader: Loader
    conversations: Conversations
    folder: Path
    make_ingestor: Callable[[], Ingests]
    runs: Runs = field(default_factory=Runs)
    logins: bool = False
    ingests: Runs = field(default_factory=Runs)
    uploads: Uploads = field(default_factory=Uploads)

    def leave(self, session: str) -> None:
        """A browser tab was closed: nothing of it goes on."""
        self.runs.stop(session)
        self.ingests.stop(session)

    def end(self) -> None:
        """The page ends; what people have going on is told to."""
        self.runs.stop_all()
        self.ingests.stop_all()

    @property
    def assistant(self) -> Asks:
        """The assistant, once the papers are open."""
        return self.loader.desk().assistant


def owner_of(request: Any) -> str:
    """Whose request this is, as the gate in front of the page has written it (ui/gate/gate.py).

    Raises:
        KeyError: the request came around the gate.
    """
    return str(request.headers[OWNER_HEADER])
