"""Conversations on disk: one SQLite file, every row with its owner.

Each call opens its own connection, so that any thread of the page may call; nothing is returned
of a conversation whose owner is another.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import UsageError
from rag.language.sane import sane
from rag.types import Answer, Turn
from ui.private import private_file
from ui.talk.codec import answer_from_text, answer_to_text

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    conversation_id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL,
    created TEXT NOT NULL, updated TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_owner ON conversations (owner, updated);
CREATE TABLE IF NOT EXISTS turns (
    turn_id TEXT PRIMARY KEY, conversation_id TEXT NOT NULL, ordinal INTEGER NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, created TEXT NOT NULL,
    rating INTEGER NOT NULL DEFAULT 0, comment TEXT NOT NULL DEFAULT '',
    UNIQUE (conversation_id, ordinal),
    FOREIGN KEY (conversation_id) REFERENCES conversations ON DELETE CASCADE);
"""
TITLE_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation as listed. `updated`: ISO 8601, UTC."""

    conversation_id: str
    title: str
    updated: str
    turns: int


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """One question and its answer. `rating`: 1 up, -1 down, 0 not rated."""

    turn_id: str
    question: str
    answer: Answer
    rating: int = 0
    comment: str = ""


class Conversations:
    """The conversations of everybody, given out one owner at a time."""

    def __init__(self, path: Path) -> None:
        self._path = private_file(path)  # SQLite gives its other files the same mode
        with self._open() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.executescript(_SCHEMA)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=10)
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA foreign_keys=ON")
        try:
            with database:
                yield database
        finally:
            database.close()

    def listed(self, owner: str, *, search: str = "", limit: int = 200) -> list[Conversation]:
        """The owner's conversations, the last used first.

        Args:
            owner: whose.
            search: words that must be in the title, a question or an answer; "" for all.
            limit: at most so many.
        """
        pattern = f"%{_literal(search.strip())}%"
        with self._open() as database:
            rows = database.execute(
                "SELECT c.conversation_id, c.title, c.updated, COUNT(t.turn_id) AS turns"
                " FROM conversations c LEFT JOIN turns t USING (conversation_id)"
                " WHERE c.owner = ? AND (c.title LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1"
                " FROM turns s WHERE s.conversation_id = c.conversation_id"
                " AND (s.question LIKE ? ESCAPE '\\' OR s.answer ->> 'text' LIKE ? ESCAPE '\\')))"
                " GROUP BY c.conversation_id ORDER BY c.updated DESC, c.rowid DESC LIMIT ?",
                (owner, pattern, pattern, pattern, limit),
            ).fetchall()
        return [Conversation(**dict(row)) for row in rows]

    def turns(self, owner: str, conversation_id: str) -> list[StoredTurn]:
        """The turns of one conversation in order; none when it is not this owner's."""
        with self._open() as database:
            rows = database.execute(
                "SELECT t.* FROM turns t JOIN conversations c USING (conversation_id)"
                " WHERE c.owner = ? AND c.conversation_id = ? ORDER BY t.ordinal",
                (owner, conversation_id),
            ).fetchall()
        return [_stored(row) for row in rows]

    def turn(self, owner: str, turn_id: str) -> StoredTurn | None:
        """One turn, None when there is none of this owner."""
        with self._open() as database:
            row = database.execute(
                "SELECT t.* FROM turns t JOIN conversations c USING (conversation_id)"
                " WHERE c.owner = ? AND t.turn_id = ?",
                (owner, turn_id),
            ).fetchone()
        return _stored(row) if row is not None else None

    def add(self, owner: str, conversation_id: str, answer: Answer) -> tuple[str, str]:
        """Keep an answer; "" or an unknown conversation begins a new one, named by its question.

        Returns:
            The ids of the conversation and of the new turn.
        """
        now = _now()
        turn_id = "t" + secrets.token_hex(8)
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            if not _owns(database, owner, conversation_id):
                conversation_id = secrets.token_urlsafe(12)
                database.execute(
                    "INSERT INTO conversations VALUES (?, ?, ?, ?, ?)",
                    (conversation_id, owner, _title(answer.question), now, now),
                )
            database.execute(
                "INSERT INTO turns (turn_id, conversation_id, ordinal, question, answer, created)"
                " SELECT ?, ?, COALESCE(MAX(ordinal), 0) + 1, ?, ?, ? FROM turns"
                " WHERE conversation_id = ?",
                (
                    turn_id,
                    conversation_id,
                    answer.question,
                    answer_to_text(answer),
                    now,
                    conversation_id,
                ),
            )
            database.execute(
                "UPDATE conversations SET updated = ? WHERE conversation_id = ?",
                (now, conversation_id),
            )
        return conversation_id, turn_id

    def rename(self, owner: str, conversation_id: str, title: str) -> None:
        """Give a conversation another title.

        Raises:
            UsageError: the title is empty.
        """
        if not title.strip():
            raise UsageError("a conversation needs a name; type one and try again")
        with self._open() as database:
            database.execute(
                "UPDATE conversations SET title = ? WHERE owner = ? AND conversation_id = ?",
                (_title(title), owner, conversation_id),
            )

    def title(self, owner: str, conversation_id: str) -> str:
        """The title of a conversation; "" when it is not this owner's."""
        with self._open() as database:
            row = database.execute(
                "SELECT title FROM conversations WHERE owner = ? AND conversation_id = ?",
                (owner, conversation_id),
            ).fetchone()
        return str(row["title"]) if row is not None else ""

    def rated(self) -> list[tuple[StoredTurn, tuple[Turn, ...]]]:
        """Every rated turn of everybody with what was said before it: evaluation cases to be."""
        with self._open() as database:
            rows = database.execute(
                "SELECT * FROM turns WHERE conversation_id IN"
                " (SELECT conversation_id FROM turns WHERE rating <> 0)"
                " ORDER BY conversation_id, ordinal"
            ).fetchall()
        cases: list[tuple[StoredTurn, tuple[Turn, ...]]] = []
        before: list[StoredTurn] = []
        conversation = ""
        for row in rows:
            if row["conversation_id"] != conversation:
                conversation, before = row["conversation_id"], []
            turn = _stored(row)
            if turn.rating:
                cases.append((turn, history(before)))
            before.append(turn)
        return cases

    def delete(self, owner: str, conversation_id: str) -> None:
        """Remove a conversation with its turns."""
        with self._open() as database:
            database.execute(
                "DELETE FROM conversations WHERE owner = ? AND conversation_id = ?",
                (owner, conversation_id),
            )

    def rate(self, owner: str, turn_id: str, *, rating: int, comment: str = "") -> bool:
        """Keep what the owner thinks of an answer; False when it is not theirs."""
        with self._open() as database:
            changed = database.execute(
                "UPDATE turns SET rating = ?, comment = ? WHERE turn_id = ? AND conversation_id IN"
                " (SELECT conversation_id FROM conversations WHERE owner = ?)",
                (max(-1, min(1, rating)), sane(comment)[:2000], turn_id, owner),
            )
            return changed.rowcount > 0


def history(turns: list[StoredTurn]) -> tuple[Turn, ...]:
    """The conversation so far as the assistant takes it, with the papers each answer cited."""
    said: list[Turn] = []
    for turn in turns:
        papers = tuple(source.paper.paper_id for source in turn.answer.sources)
        said.append(Turn(role="user", content=turn.question))
        said.append(Turn(role="assistant", content=turn.answer.text, paper_ids=papers))
    return tuple(said)


def _owns(database: sqlite3.Connection, owner: str, conversation_id: str) -> bool:
    row = database.execute(
        "SELECT 1 FROM conversations WHERE owner = ? AND conversation_id = ?",
        (owner, conversation_id),
    ).fetchone()
    return row is not None


def _stored(row: sqlite3.Row) -> StoredTurn:
    return StoredTurn(
        turn_id=row["turn_id"],
        question=row["question"],
        answer=answer_from_text(row["answer"]),
        rating=row["rating"],
        comment=row["comment"],
    )


def _title(words: str) -> str:
    line = " ".join(sane(words).split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1] + "…"


def _literal(search: str) -> str:
    """The search words with LIKE's own signs made ordinary."""
    return sane(search).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
