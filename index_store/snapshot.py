"""Reading: one generation of an index, as it was committed, whatever writers do meanwhile."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.dense import EXACT_LIMIT, DenseIndex, DenseScores, Floats, Vectors
from index_store.documents import LINE_SUM_BYTES, Document, from_line, line_sum
from index_store.errors import StoreDamagedError, StoreMissingError
from index_store.files import UNREADABLE, Files
from index_store.manifest import Manifest, Settings, read_manifest, require_settings
from index_store.words import Words

_ROWS_OUT = 4_096  # rows of a block that is read out whole


class Snapshot:
    """A committed state of an index. Safe to share between threads; made by `open_snapshot`."""

    def __init__(self, directory: Path, manifest: Manifest, *, exact_limit: int) -> None:
        files = Files(directory, manifest)
        self.directory = directory
        self.manifest = manifest
        self.document_ids: Sequence[str] = files.ids()
        self._begins: NDArray[np.int64] = files.array("documents.npy", np.int64)
        self._first: NDArray[np.int64] = files.array("first.npy", np.int64)
        self._spans: NDArray[np.int32] = files.array("spans.npy", np.int32)
        self.row_ids: NDArray[np.uint8] = files.array("rows.npy", np.uint8)
        # Generations that were made by versions of before have none; the next one has.
        self._sums: NDArray[np.uint8] | None = (
            files.array("sums.npy", np.uint8) if "sums.npy" in files else None
        )
        self._vectors = Vectors(
            files.array("whole.npy", np.float32),
            files.array("sentence.npy", np.float32),
            self._first,
        )
        self._lines = files.content("documents.jsonl")
        self._words = Words(files, documents=len(self.document_ids))
        self._read = files.read
        self._check()
        self._dense = DenseIndex(
            self._vectors,
            row_ids=self.row_ids,
            directory=directory,
            embedder=manifest.settings.embedder,
            exact_limit=exact_limit,
        )

    def _check(self) -> None:
        documents, sentences = len(self.document_ids), len(self._spans)
        dimension = self.manifest.dimension
        fits = (
            self.manifest.documents
            == documents
            == len(self._vectors.whole)
            == len(self._begins) - 1
            and len(self._first) == documents + 1
            and int(self._first[-1]) == sentences == len(self._vectors.sentence)
            and self.manifest.rows == documents + sentences == len(self.row_ids)
            and int(self._begins[-1]) == len(self._lines)
            and self._vectors.whole.shape[1:] == self._vectors.sentence.shape[1:] == (dimension,)
            and (self._sums is None or self._sums.shape == (documents, LINE_SUM_BYTES))
            and bool((self._begins[1:] > self._begins[:-1]).all())
            and bool((self._first[1:] >= self._first[:-1]).all())
            and int(self._first[0]) == int(self._begins[0]) == 0
        )
        if not fits:
            raise ValueError("its files do not fit each other")

    def __len__(self) -> int:
        return len(self.document_ids)

    def index_of(self, document_id: str) -> int | None:
        """Where a document is in `document_ids`; None when it is not there."""
        index = bisect_left(self.document_ids, document_id)
        found = index < len(self) and self.document_ids[index] == document_id
        return index if found else None

    def document_at(self, index: int) -> Document:
        """The document at a place of `document_ids`.

        Raises:
            StoreDamagedError: its line is not as it was written, or cannot be read.
        """
        line = self._read(self._line, index)
        try:
            if self._sums is not None and line_sum(line) != self._sums[index].tobytes():
                raise ValueError(f"not as it was written: {line[:80]!r}")
            return from_line(line)
        except ValueError as error:
            raise _damaged(self.directory, f"document {index}: {error}") from error

    def _line(self, index: int) -> bytes:
        return self._lines[int(self._begins[index]) : int(self._begins[index + 1])]

    def document(self, document_id: str) -> dict[str, Any]:
        """The payload of a document.

        Raises:
            KeyError: there is none of that id.
            StoreDamagedError: its line cannot be read.
        """
        index = self.index_of(document_id)
        if index is None:
            raise KeyError(document_id)
        return dict(self.document_at(index).payload)

    def documents(self) -> Iterator[dict[str, Any]]:
        """The payloads of all documents, in the order of `document_ids`; one at a time."""
        for entry in self.entries():
            yield dict(entry.payload)

    def entries(self) -> Iterator[Document]:
        """All documents with their rows, in the order of `document_ids`; one at a time."""
        for index in range(len(self)):
            yield self.document_at(index)

    def spans(self, index: int) -> NDArray[np.int32]:
        """(m, 2) int32: the characters [start, end) of each sentence of document `index`."""
        return self._read(np.array, self._spans[self._sentences(index)])

    def vectors(self, index: int) -> Floats:
        """(1 + m, dim) float32: the vector of document `index`, then those of its sentences."""
        whole, sentences = self._vectors.whole[index : index + 1], self._vectors.sentences(index)
        return self._read(np.vstack, [whole, sentences])

    def rows_at(self, places: NDArray[np.int64]) -> Floats:
        """(k, dim) float32: the vectors of rows of `row_ids`."""
        return self._read(self._vectors.at, places)

    def row_blocks(self) -> Iterator[tuple[list[str], Floats]]:
        """All rows, ids and vectors, some thousands at a time."""
        for start in range(0, len(self.row_ids), _ROWS_OUT):
            places = np.arange(start, min(start + _ROWS_OUT, len(self.row_ids)))
            yield [row.tobytes().hex() for row in self.row_ids[places]], self.rows_at(places)

    def lexical(self, question: str) -> Floats:
        """BM25 of every document: (n,) float32, 0 where no word of the question occurs.

        Raises:
            StoreDamagedError: the lexical index gives what is no such score.
        """
        try:
            scores = self._read(self._words.scores, question)
        except UNREADABLE as error:
            raise _damaged(self.directory, f"words: {error}") from error
        if not ((scores >= 0) & (scores < np.inf)).all():
            raise _damaged(self.directory, "a score of its words is negative or not finite")
        return scores

    def frequency(self, word: str) -> int:
        """In how many documents a word occurs, given as `index_store.words.words` gives it."""
        return self._words.frequency(word)

    def dense(self, query: Floats, *, also: Iterable[int] = ()) -> DenseScores:
        """Cosine of every document, whole and best sentence.

        Exact up to `exact_limit` rows. Above it, exact for the documents of the rows that Chroma
        proposes and for `also`; every other document gets the lowest score among those.

        Args:
            query: (dim,) float32 of any length; a zero vector scores 0 everywhere.
            also: indices of documents that must be scored exactly, e.g. the best lexical ones.

        Raises:
            ValueError: the query has another dimension than the index, or is not finite.
            StoreDamagedError: a score is no cosine, so a vector is damaged.
        """
        try:
            return self._read(self._dense.scores, query, also=also)
        except FloatingPointError as error:
            raise _damaged(self.directory, str(error)) from error

    def _sentences(self, index: int) -> slice:
        return slice(int(self._first[index]), int(self._first[index + 1]))


def open_snapshot(
    directory: Path, *, settings: Settings | None = None, exact_limit: int = EXACT_LIMIT
) -> Snapshot:
    """Open the last committed state of an index.

    Args:
        directory: the index folder.
        settings: what the caller's vectors are made with; None to open whatever is there.
        exact_limit: rows up to which dense scores are exact.

    Raises:
        StoreMissingError: there is no index.
        StoreMismatchError: it was made with another embedder, chunking or layout.
        StoreDamagedError: it cannot be read.
    """
    manifest = read_manifest(directory)
    while True:
        if settings is not None:
            require_settings(manifest, settings, directory=directory)
        try:
            return Snapshot(directory, manifest, exact_limit=exact_limit)
        except UNREADABLE as error:
            # Two commits between reading the manifest and opening its files: look again.
            newer = read_manifest(directory)
            if newer.generation == manifest.generation:
                raise _damaged(directory, f"generation {manifest.generation}: {error}") from error
            manifest = newer


def try_snapshot(directory: Path, *, settings: Settings | None = None) -> Snapshot | None:
    """As `open_snapshot`, None where there is no index yet."""
    try:
        return open_snapshot(directory, settings=settings)
    except StoreMissingError:
        return None


def _damaged(directory: Path, what: str) -> StoreDamagedError:
    return StoreDamagedError(
        f"the index in {directory} cannot be read ({what}): run `quoth doctor --repair`"
    )
