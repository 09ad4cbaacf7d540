"""What of a paper is stored and embedded, and how an index is opened: ingest and retrieval agree.

The codec between `Paper` and the store's payloads, the texts that are embedded, and the
one boundary where the store's errors become ours.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from index_store.dense import EXACT_LIMIT
from index_store.documents import Document, Sentence, row_id
from index_store.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreMismatchError,
    StoreMissingError,
)
from index_store.manifest import Settings
from index_store.snapshot import Snapshot, open_snapshot
from rag.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexError_,
    IndexFullError,
    IndexMismatchError,
    IndexMissingError,
)
from rag.language.sane import HALVES
from rag.language.sentences import passages, told
from rag.types import Paper, Passage

CHUNKING = "1"
"""Version of `rag.language.sentences` and of the texts below. Another one makes other vectors."""
FORMATS = "2"
"""Version of `rag.papers`, and of what in an abstract is no evidence; remembered in the manifest,
never compared. 2: boilerplate is none; an index made before keeps it until it is made anew."""

_ERRORS: Mapping[type[StoreError], type[IndexError_]] = {
    StoreMissingError: IndexMissingError,
    StoreMismatchError: IndexMismatchError,
    StoreDamagedError: IndexDamagedError,
    StoreFullError: IndexFullError,
    StoreBusyError: IndexBusyError,
}
_FIELDS = tuple(field.name for field in fields(Paper))


def index_settings(embedder: str) -> Settings:
    """What an index made by this version with this embedder is made with."""
    return Settings(
        embedder=embedder, chunking=CHUNKING, formats=FORMATS, text_fields=("title", "abstract")
    )


@contextlib.contextmanager
def index_errors() -> Iterator[None]:
    """Errors of the store, and of the disk under it, as errors of Quoth.

    Raises:
        IndexError_: the one of the same name, with the same message.
    """
    try:
        yield
    except StoreError as error:
        raise _ERRORS.get(type(error), IndexError_)(str(error)) from error
    except BrokenPipeError:
        raise  # whoever was being told of progress has gone; not the index's trouble
    except (OSError, sqlite3.Error) as error:
        raise IndexError_(
            f"the index cannot be read or written ({error}): check the folder's rights and the "
            "space left, or choose another with --index DIR; what was committed is whole"
        ) from error


def open_index(directory: Path, *, embedder: str, exact_limit: int = EXACT_LIMIT) -> Snapshot:
    """Open the last committed state of an index for reading.

    Raises:
        IndexMissingError: there is none.
        IndexMismatchError: it was made with another embedder, chunking or layout.
        IndexDamagedError: it cannot be read.
    """
    with index_errors():
        return open_snapshot(directory, settings=index_settings(embedder), exact_limit=exact_limit)


def stored_papers(snapshot: Snapshot) -> Iterator[Paper]:
    """The papers of an index, one at a time, in the order of their ids.

    Raises:
        IndexDamagedError: one is not as it was written.
    """
    with index_errors():
        for entry in snapshot.entries():
            yield from_payload(entry.payload)


def to_payload(paper: Paper) -> dict[str, Any]:
    """A paper as the store keeps it: its fields, those at their default left out."""
    # Not `asdict`, which copies deeply: ten times as slow, and an ingest does it for every record.
    tree = {name: getattr(paper, name) for name in _FIELDS}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in tree.items()
        if value is not None and value != ()
    }


def from_payload(payload: Mapping[str, Any]) -> Paper:
    """The paper of a payload that `to_payload` made.

    Raises:
        IndexDamagedError: the payload is not a paper's.
    """
    try:
        known = {name: _whole(value) for name, value in payload.items() if name in _FIELDS}
        for name in ("authors", "source", "keywords"):
            known[name] = tuple(map(_whole, known.get(name, ())))
        return Paper(**known)
    except (TypeError, ValueError) as error:
        raise IndexDamagedError(
            f"a stored paper is not one ({error}): run `quoth doctor --repair`"
        ) from error


def _whole(value: Any) -> Any:
    """A stored value whose half characters, which no JSON or page can carry, are U+FFFD.

    Readers store none; an index of an earlier version may hold some. One for one, since the
    sentences of an abstract are known by their places.
    """
    if not isinstance(value, str) or value.isascii():  # every paper is read through here
        return value
    return HALVES.sub("\ufffd", value)


def whole_text(paper: Paper) -> str:
    """What is embedded of a whole paper: its abstract without what says nothing of it."""
    text = told(paper.abstract)
    return f"{paper.title}\n{text}" if paper.title else text


def sentence_text(paper: Paper, passage: Passage) -> str:
    """What is embedded of a sentence: the title says what it is about."""
    sentence = passage.text(paper.abstract)
    return f"{paper.title}. {sentence}" if paper.title else sentence


def to_rows(paper: Paper, *, embedder: str) -> tuple[Document, dict[str, str]]:
    """A paper as it is committed, and the text to embed of each of its rows, by row id."""
    texts: dict[str, str] = {}

    def row(kind: Any, text: str) -> str:
        name = row_id(embedder=embedder, document_id=paper.paper_id, kind=kind, text=text)
        texts[name] = text
        return name

    whole = row("whole", whole_text(paper))
    sentences = tuple(
        Sentence(row("sentence", sentence_text(paper, passage)), passage.start, passage.end)
        for passage in passages(paper.paper_id, paper.abstract)
    )
    return Document(paper.paper_id, to_payload(paper), whole, sentences), texts
