"""What the store knows of a document: id, opaque JSON payload, rows, and where the rows are.

A row is one embedded text. Its id is made from everything that its vector depends on, so a row
that is present never has to be embedded again, and from the document's id, so that two documents
with the same sentence never share (and never lose) each other's row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["whole", "sentence"]

ROW_ID_BYTES = 16
LINE_SUM_BYTES = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """The row of one sentence: characters [start, end) of the text that was cut."""

    row_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it is committed. `whole` is the row id of its whole text.

    `payload` is stored and given back as it is; it must be JSON and is never looked into, except
    for the text fields that the lexical index was asked to cover.
    """

    document_id: str
    payload: Mapping[str, Any]
    whole: str
    sentences: tuple[Sentence, ...]

    @property
    def row_ids(self) -> tuple[str, ...]:
        """Every row of the document, the whole first, then the sentences in their order."""
        return (self.whole, *(sentence.row_id for sentence in self.sentences))


def row_id(*, embedder: str, document_id: str, kind: Kind, text: str) -> str:
    """The id of a row, 32 hexadecimal digits, from all that its vector depends on."""
    digest = hashlib.blake2b(digest_size=ROW_ID_BYTES)
    for part in (embedder, document_id, kind, text):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))  # so that ("ab", "c") != ("a", "bc")
        digest.update(encoded)
    return digest.hexdigest()


def to_line(document: Document) -> bytes:
    """One line of documents.jsonl: canonical, so that equal documents are equal bytes."""
    return canonical_json(
        {
            "id": document.document_id,
            "payload": document.payload,
            "whole": document.whole,
            "sentences": [[s.row_id, s.start, s.end] for s in document.sentences],
        }
    )


def line_sum(line: bytes) -> bytes:
    """What tells whether the line of a document is as it was written."""
    return hashlib.blake2b(line, digest_size=LINE_SUM_BYTES).digest()


def from_line(line: bytes) -> Document:
    """The document of a line that `to_line` made.

    Raises:
        ValueError: the line is not such a line.
    """
    try:
        tree = json.loads(line)
        sentences = tuple(Sentence(row, start, end) for row, start, end in tree["sentences"])
        return Document(tree["id"], tree["payload"], tree["whole"], sentences)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a document line: {line[:80]!r}") from error


def content_hash(document: Document) -> bytes:
    """Sha256 of id and payload, whatever embedder made the rows."""
    return hashlib.sha256(canonical_json([document.document_id, document.payload])).digest()


def lexical_text(document: Document, text_fields: Iterable[str]) -> str:
    """The text that the lexical index covers: the named fields of the payload, a line each."""
    return "\n".join(str(document.payload.get(name) or "") for name in text_fields)


def canonical_json(tree: Any) -> bytes:
    """JSON on a line of its own, the same bytes for the same content."""
    # ASCII only: a lone surrogate in somebody's text must not make the index unwritable.
    text = json.dumps(tree, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii") + b"\n"


class RowPlaces:
    """Row id to place in the table of a generation: sorted once, then binary searches.

    Sorted by the first half of an id only (numbers sort faster than bytes). The other half is
    compared, so two ids that share 64 bits can make a row not found, never a wrong one.
    """

    def __init__(self, row_ids: NDArray[np.uint8]) -> None:
        """Sort the ids, (r, 16) uint8."""
        halves = np.ascontiguousarray(row_ids).view(np.uint64)
        self._order = np.argsort(halves[:, 0], kind="stable")
        self._sorted = halves[self._order]

    def find(self, row_ids: Sequence[str]) -> NDArray[np.int64]:
        """(k,) int64: the place of each row, -1 for those that are not there."""
        if not len(row_ids) or not len(self._sorted):
            return np.full(len(row_ids), -1, dtype=np.int64)
        raw = np.frombuffer(bytes.fromhex("".join(row_ids)), dtype=np.uint8)
        wanted = raw.reshape(-1, ROW_ID_BYTES).view(np.uint64)
        at = np.searchsorted(self._sorted[:, 0], wanted[:, 0])
        at = np.minimum(at, len(self._sorted) - 1)
        same = (self._sorted[at] == wanted).all(axis=1)
        return np.where(same, self._order[at], -1)
