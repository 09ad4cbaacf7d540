"""Who is behind a request: a session's cookie, or a name and password sent with it.

Passwords are slow to hash on purpose. They are hashed in threads of their own, few and with a
short line before them, so that guessing takes nothing from people who are logged in; and whether
a guess may be made is decided before it is hashed (ui/gate/guesses.py).
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import secrets
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

from rag.errors import UsageError
from ui.gate.access import LONGEST_NAME, hash_password, matches, read_users
from ui.gate.guesses import Guess, Guesses
from ui.gate.sessions import Sessions, same_password

_REMEMBERED = 256
_HASHING = 2  # threads; each hash takes 16 MiB and some tenths of a second of a core
_WAITING = 32  # so many passwords at once,
_STRANGERS_WAITING = 24  # and so many of them from where nobody of that name has logged in

# right; wrong; later: guessed too often, not tried; busy: too many at once, not tried.
Outcome = Literal["right", "wrong", "later", "busy"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of a name and password. `stored`: the stored password, where it was right."""

    outcome: Outcome
    name: str = ""
    stored: str = ""


class Logins:
    """The users of an auth file, read again when it changes.

    Args:
        path: the auth file.
        sessions: who is logged in.
    """

    def __init__(self, path: Path, *, sessions: Sessions) -> None:
        self._path = path
        self._sessions = sessions
        self._stamp: tuple[int, int] = (0, 0)
        self._users: dict[str, str] = {}
        self._right: OrderedDict[bytes, Checked] = OrderedDict()
        self._running: dict[bytes, Future[Checked]] = {}
        self._guesses = Guesses()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(_HASHING, thread_name_prefix="quoth-password")
        # An unknown name costs the same as a known one, so that nobody learns which there are.
        self._decoy = hash_password(secrets.token_hex(8))

    def users(self) -> dict[str, str]:
        """Names and stored passwords as the file has them now.

        Raises:
            UsageError: the file is missing, unreadable, or not one of ours.
        """
        try:
            status = self._path.stat()
        except OSError as error:
            raise UsageError(f"cannot read the auth file {self._path}: {error}") from error
        stamp = (status.st_mtime_ns, status.st_size)
        with self._lock:
            if stamp != self._stamp:
                self._users = read_users(self._path)
                self._stamp = stamp
            return self._users

    async def check(self, name: str, password: str, *, address: str, browser: str = "") -> Checked:
        """Whether a name and password go together.

        Args:
            name: as given, whether there is such a person or not.
            password: as given.
            address: where it comes from.
            browser: the cookie of a browser that may have logged in before.
        """
        users = self.users()
        name = name if len(name) <= LONGEST_NAME else ""
        places = (f"browser:{browser}" if browser else "", f"address:{address}")
        words = hashlib.sha256(f"{name}\0{password}".encode("utf-8", "surrogatepass")).digest()
        with self._lock:
            running = self._running.get(words)  # the same words again are not another guess
            if running is None:
                known = self._sessions.known(name, places=places)
                if len(self._running) >= (_WAITING if known else _STRANGERS_WAITING):
                    return Checked("busy")
                guess = self._guesses.admit(name=name, address=address, known=known)
                if guess is None:
                    return Checked("later")
                stored = users.get(name, "")
                running = self._pool.submit(self._try, name, password, stored, guess, places)
                self._running[words] = running
                running.add_done_callback(lambda _: self._running.pop(words, None))
        # Shielded: whoever else waits for the same is not told that it was cancelled.
        return await asyncio.shield(asyncio.wrap_future(running))

    def _try(
        self, name: str, password: str, stored: str, guess: Guess, places: tuple[str, ...]
    ) -> Checked:
        """In a thread of the pool: hash, and remember where it was right."""
        if not matches(password, stored or self._decoy) or not stored:
            return Checked("wrong")
        self._guesses.forgive(guess)
        self._sessions.remember(name, places=places)
        return Checked("right", name, stored)

    async def by_header(self, header: str, *, address: str) -> Checked:
        """The user of an Authorization header, Basic or `Bearer NAME:PASSWORD`.

        One that was right is not hashed again while the password stays the same.
        """
        key = hashlib.sha256(header.encode("utf-8", "surrogatepass")).digest()
        users = self.users()
        with self._lock:
            before = self._right.get(key)
        if before is not None and users.get(before.name) == before.stored:
            return before
        name, separator, password = _credentials(header).partition(":")
        if not separator:
            return Checked("wrong")
        checked = await self.check(name, password, address=address)
        if checked.outcome == "right":
            with self._lock:
                self._right[key] = checked
                while len(self._right) > _REMEMBERED:
                    self._right.popitem(last=False)
        return checked

    async def start(self, checked: Checked, *, browser: str, ending: str) -> str:
        """Begin a session of somebody whose password was right; gives the cookie's value.

        Args:
            checked: from `check`.
            browser: the cookie by which this browser will be known.
            ending: the cookie of a session that this one replaces, or "".
        """

        def begin() -> str:
            self._sessions.end(ending)
            self._sessions.remember(checked.name, places=(f"browser:{browser}",))
            return self._sessions.start(checked.name, password=checked.stored)

        return await asyncio.wrap_future(self._pool.submit(begin))

    def by_cookie(self, token: str) -> str | None:
        """The user of a session; None when it has ended, or its password is another now."""
        session = self._sessions.of(token) if token else None
        if session is None:
            return None
        name, password = session
        stored = self.users().get(name)
        return name if stored is not None and same_password(stored, password) else None

    def log_out(self, token: str) -> None:
        """End a session here, whoever still has its cookie."""
        self._sessions.end(token)


def _credentials(header: str) -> str:
    """NAME:PASSWORD of a header as ASGI gives it, its bytes as latin-1; "" when it has none."""
    scheme, _, value = header.partition(" ")
    try:
        if scheme.lower() == "bearer":
            return value.strip().encode("latin-1").decode()
        if scheme.lower() == "basic":
            return base64.b64decode(value, validate=True).decode()
    except (ValueError, binascii.Error):
        pass  # no text: nobody's
    return ""
