"""A generation: the files that readers open, written whole and then never changed.

documents.jsonl   one document a line, sorted by id; everything else is derived from it and
documents.npy     from the vector store: (n + 1,) int64, where each line begins
sums.npy          (n, 8) uint8, the sum of each line; generations of before have none
ids.json          the n document ids
first.npy         (n + 1,) int64: sentences of document i are rows first[i]:first[i + 1]
spans.npy         (m, 2) int32, the characters of each sentence
rows.npy          (n + m, 16) uint8, row ids: the wholes, then the sentences
whole.npy         (n, dim) float32 unit vectors
sentence.npy      (m, dim) float32 unit vectors
words/            the lexical index
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index_store.documents import (
    LINE_SUM_BYTES,
    ROW_ID_BYTES,
    Document,
    content_hash,
    lexical_text,
    line_sum,
    to_line,
)
from index_store.errors import StoreDamagedError
from index_store.files import file_sum
from index_store.manifest import (
    GENERATIONS,
    LAYOUT,
    FileSum,
    Manifest,
    Settings,
    fingerprint,
    next_generation,
    sync_folder,
    write_manifest,
)
from index_store.words import WORDS, WordsBuilder

_BLOCK = 4_096  # rows whose vectors are in memory at a time while a generation is written

_LENGTH_OFF = 0.01  # of a squared length: float32 and rounding stay below 1e-5

Fetch = Callable[[Sequence[str]], NDArray[np.float32]]
"""Row ids to their vectors, (k, dim) float32, in that order."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class Written:
    """What a generation holds."""

    documents: int
    rows: int
    dimension: int
    corpus: str
    files: dict[str, FileSum]


def write_generation(
    folder: Path,
    documents: Iterable[Document],
    *,
    fetch: Fetch,
    text_fields: Sequence[str],
    progress: Progress | None = None,
) -> Written:
    """Write all files of a generation into a new folder, durably.

    Args:
        folder: does not exist yet.
        documents: sorted by id, each id once; read one at a time, never held.
        fetch: where the vectors come from.
        text_fields: fields of the payloads that the lexical index covers.
        progress: called with a stage ("words", "vectors"), how much is done and of how much.

    Raises:
        ValueError: the documents are not sorted by id.
    """
    folder.mkdir(parents=True)
    report = progress or (lambda stage, done, total: None)
    table = _write_documents(folder, documents, text_fields=text_fields, report=report)
    dimension = _write_vectors(
        folder / "whole.npy", table.wholes, fetch=fetch, dimension=0, report=report
    )
    _write_vectors(
        folder / "sentence.npy", table.sentences, fetch=fetch, dimension=dimension, report=report
    )
    files = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        files[path.relative_to(folder).as_posix()] = file_sum(path, sync=True)
    sync_folder(folder / WORDS)
    sync_folder(folder)
    return Written(
        documents=len(table.ids),
        rows=(len(table.wholes) + len(table.sentences)) // ROW_ID_BYTES,
        dimension=dimension,
        corpus=table.corpus.hexdigest(),
        files=files,
    )


class _Table:
    """What is gathered while documents stream by: some 40 bytes a row, never the texts."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.begins = array("q", [0])
        self.first = array("q", [0])
        self.spans = array("i")
        self.sums = bytearray()
        self.wholes = bytearray()
        self.sentences = bytearray()
        self.corpus: Any = hashlib.sha256()
        self.words = WordsBuilder()

    def add(self, document: Document, *, line: bytes, text: str) -> None:
        if self.ids and document.document_id <= self.ids[-1]:
            raise ValueError(f"{document.document_id!r} comes after {self.ids[-1]!r}")
        self.ids.append(document.document_id)
        self.begins.append(self.begins[-1] + len(line))
        self.sums += line_sum(line)
        self.first.append(self.first[-1] + len(document.sentences))
        self.wholes += bytes.fromhex(document.whole)
        for sentence in document.sentences:
            self.sentences += bytes.fromhex(sentence.row_id)
            self.spans.extend((sentence.start, sentence.end))
        self.corpus.update(content_hash(document))
        self.words.add(text)


def _write_documents(
    folder: Path, documents: Iterable[Document], *, text_fields: Sequence[str], report: Progress
) -> _Table:
    table = _Table()
    with (folder / "documents.jsonl").open("wb") as out:
        for document in documents:
            line = to_line(document)
            out.write(line)
            table.add(document, line=line, text=lexical_text(document, text_fields))
            if len(table.ids) % 1_000 == 0:
                report("words", len(table.ids), None)
    (folder / "ids.json").write_text(json.dumps(table.ids), encoding="ascii")
    row_ids = np.frombuffer(bytes(table.wholes + table.sentences), dtype=np.uint8)
    sums = np.frombuffer(bytes(table.sums), dtype=np.uint8)
    for name, values in (
        ("documents", np.array(table.begins, dtype=np.int64)),
        ("first", np.array(table.first, dtype=np.int64)),
        ("spans", np.array(table.spans, dtype=np.int32).reshape(-1, 2)),
        ("rows", row_ids.reshape(-1, ROW_ID_BYTES)),
        ("sums", sums.reshape(-1, LINE_SUM_BYTES)),
    ):
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    table.words.save(folder / WORDS)
    return table


def _write_vectors(
    path: Path, row_ids: bytearray, *, fetch: Fetch, dimension: int, report: Progress
) -> int:
    """Write the vectors of rows block by block; returns how long they are.

    `dimension` is that of a file without rows.
    """
    total = len(row_ids) // ROW_ID_BYTES
    if not total:
        np.save(path, np.zeros((0, dimension), dtype=np.float32), allow_pickle=False)
        return dimension
    # Written and never mapped: on a full disk a write is an error, a mapped page ends the process.
    with path.open("wb") as out:
        for start in range(0, total, _BLOCK):
            end = min(start + _BLOCK, total)
            names = [
                row_ids[i * ROW_ID_BYTES : (i + 1) * ROW_ID_BYTES].hex() for i in range(start, end)
            ]
            block = _unit(fetch(names), names)
            if start == 0:
                dimension = block.shape[1]
                _write_header(out, shape=(total, dimension))
            out.write(block.tobytes())
            report("vectors", end, total)
    return dimension


def _write_header(out: BinaryIO, *, shape: tuple[int, int]) -> None:
    descr = np.lib.format.dtype_to_descr(np.dtype(np.float32))
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(out, header)


def _unit(vectors: NDArray[np.float32], row_ids: Sequence[str]) -> NDArray[np.float32]:
    """The vectors, which must have a length of 1, or be zero.

    Raises:
        StoreDamagedError: one has not, so it is no more what the embedder made.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    squares = np.einsum("ij,ij->i", vectors, vectors)
    wrong = np.flatnonzero(~((np.abs(squares - 1) < _LENGTH_OFF) | (squares == 0)))
    if len(wrong):
        raise StoreDamagedError(
            f"{len(wrong)} stored vectors are damaged, the first is {row_ids[int(wrong[0])]}: run "
            "`quoth doctor --repair`, then ingest again"
        )
    return vectors


@contextlib.contextmanager
def partial_folder(directory: Path) -> Iterator[tuple[int, Path]]:
    """The number of the next generation and where to write it; what is not published goes again.

    On a full disk the space is needed, and the next commit would start anew anyway.
    """
    generation = next_generation(directory)
    partial = directory / GENERATIONS / f"{generation}.partial"
    shutil.rmtree(partial, ignore_errors=True)  # of a commit that was killed
    try:
        yield generation, partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def publish(directory: Path, partial: Path, manifest: Manifest) -> None:
    """Have readers use a written generation: its folder gets its name, then the manifest."""
    write_manifest(partial, manifest)  # a copy, to repair a damaged manifest from
    folder = directory / manifest.folder  # nobody's yet: see `next_generation`
    partial.rename(folder)
    sync_folder(folder.parent)
    write_manifest(directory, manifest)


def manifest_of(written: Written, settings: Settings, *, generation: int) -> Manifest:
    """The manifest of a written generation."""
    return Manifest(
        layout=LAYOUT,
        generation=generation,
        settings=settings,
        dimension=written.dimension,
        documents=written.documents,
        rows=written.rows,
        corpus=written.corpus,
        fingerprint=fingerprint(
            settings=settings, corpus=written.corpus, dimension=written.dimension
        ),
        files=written.files,
    )
