"""Who is logged in, kept on the server: one SQLite file, readable by its owner only.

Cookies are random and only their hashes are kept, so that the file lets nobody in. A session ends
when its owner logs out, after `SESSION_SECONDS`, and when the password changes.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import IndexError_
from ui.private import private_file

SESSION_SECONDS = 30 * 86_400
KNOWN_SECONDS = 90 * 86_400
# A program may log in anew for each call; the oldest of too many sessions of one person end.
MOST_SESSIONS = 200
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, password TEXT NOT NULL, until REAL NOT NULL);
CREATE INDEX IF NOT EXISTS by_name ON sessions (name, until);
CREATE TABLE IF NOT EXISTS known (
    place TEXT NOT NULL, name TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (place, name));
"""


class Sessions:
    """The sessions of everybody, and from where each name has logged in before.

    Args:
        path: the file, made where there is none.
    """

    def __init__(self, path: Path) -> None:
        self._path = private_file(path)  # SQLite gives its journal the same mode
        with self._open() as database:
            database.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = None
        try:
            database = sqlite3.connect(self._path, timeout=10)
            with database:
                yield database
        except sqlite3.Error as error:
            raise IndexError_(
                f"cannot use {self._path} ({error}); see that the disk has room and the file can be"
                " written, or remove it: everybody logs in again"
            ) from error
        finally:
            if database is not None:
                database.close()

    def start(self, name: str, *, password: str) -> str:
        """Begin a session; gives the cookie's value.

        Args:
            name: who has logged in.
            password: as it is stored now; another one ends the session.
        """
        token, now = secrets.token_urlsafe(32), time.time()
        row = (_hashed(token), name, _hashed(password), now + SESSION_SECONDS)
        with self._open() as database:
            database.execute("DELETE FROM sessions WHERE until < ?", (now,))
            database.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", row)
            database.execute(
                "DELETE FROM sessions WHERE name = ? AND token NOT IN"
                " (SELECT token FROM sessions WHERE name = ? ORDER BY until DESC LIMIT ?)",
                (name, name, MOST_SESSIONS),
            )
        return token

    def of(self, token: str) -> tuple[str, str] | None:
        """The name of a session, and the hash of the stored password it began with."""
        with self._open() as database:
            row = database.execute(
                "SELECT name, password FROM sessions WHERE token = ? AND until > ?",
                (_hashed(token), time.time()),
            ).fetchone()
        return (row[0], row[1]) if row else None

    def end(self, token: str) -> None:
        """End a session, if there is one."""
        with self._open() as database:
            database.execute("DELETE FROM sessions WHERE token = ?", (_hashed(token),))

    def remember(self, name: str, *, places: tuple[str, ...]) -> None:
        """Note the browser and the address from which somebody has logged in."""
        now = time.time()
        rows = [(_hashed(place), name, now + KNOWN_SECONDS) for place in places if place]
        with self._open() as database:
            database.execute("DELETE FROM known WHERE until < ?", (now,))
            database.executemany("INSERT OR REPLACE INTO known VALUES (?, ?, ?)", rows)

    def known(self, name: str, *, places: tuple[str, ...]) -> str:
        """The first of these places from which this name has logged in before; "" for none."""
        with self._open() as database:
            for place in filter(None, places):
                found = database.execute(
                    "SELECT 1 FROM known WHERE place = ? AND name = ? AND until > ?",
                    (_hashed(place), name, time.time()),
                ).fetchone()
                if found:
                    return place
        return ""


def same_password(stored: str, hashed: str) -> bool:
    """Whether a session began with the password that is stored now."""
    return secrets.compare_digest(_hashed(stored), hashed)


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
