"""A generation: the files that readers open, written whole and then never changed.

documents.jsonl   one document a line, sorted by id; everything else is derived from it and
documents.npy     from the vector store: (n + 1,) int64, where each line begins
ids.json          the n document ids
first.npy         (n + 1,) int64: sentences of document i are rows first[i]:first[i + 1]
spans.npy         (m, 2) int32, the characters of each sentence
rows.npy          (n + m, 16) uint8, row ids: the wholes, then the sentences
whole.npy         (n, dim) float32 unit vectors
sentence.npy      (m, dim) float32 unit vectors
words/            the lexical index
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.documents import ROW_ID_BYTES, Document, content_hash, lexical_text, to_line
from index_store.manifest import (
    GENERATIONS,
    LAYOUT,
    FileSum,
    Manifest,
    Settings,
    fingerprint,
    sync_folder,
    write_manifest,
)
from index_store.words import WordsBuilder

WORDS = "words"
_BLOCK = 4_096  # rows whose vectors are in memory at a time while a generation is written

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
        self.wholes = bytearray()
        self.sentences = bytearray()
        self.corpus: Any = hashlib.sha256()
        self.words = WordsBuilder()

    def add(self, document: Document, *, size: int, text: str) -> None:
        if self.ids and document.document_id <= self.ids[-1]:
            raise ValueError(f"{document.document_id!r} comes after {self.ids[-1]!r}")
        self.ids.append(document.document_id)
        self.begins.append(self.begins[-1] + size)
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
            table.add(document, size=len(line), text=lexical_text(document, text_fields))
            if len(table.ids) % 1_000 == 0:
                report("words", len(table.ids), None)
    (folder / "ids.json").write_text(json.dumps(table.ids), encoding="ascii")
    row_ids = np.frombuffer(bytes(table.wholes + table.sentences), dtype=np.uint8)
    for name, values in (
        ("documents", np.array(table.begins, dtype=np.int64)),
        ("first", np.array(table.first, dtype=np.int64)),
        ("spans", np.array(table.spans, dtype=np.int32).reshape(-1, 2)),
        ("rows", row_ids.reshape(-1, ROW_ID_BYTES)),
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
    out: Any = None
    for start in range(0, total, _BLOCK):
        end = min(start + _BLOCK, total)
        names = [
            row_ids[i * ROW_ID_BYTES : (i + 1) * ROW_ID_BYTES].hex() for i in range(start, end)
        ]
        block = fetch(names)
        if out is None:
            shape = (total, block.shape[1])
            out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
        out[start:end] = block
        report("vectors", end, total)
    out.flush()
    return int(out.shape[1])


def file_sum(path: Path, *, sync: bool = False) -> FileSum:
    """Size and sha256 of a file; with `sync`, made durable first."""
    if sync:
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def generation_folders(directory: Path) -> list[tuple[int, Path]]:
    """Generations of an index folder with their numbers, oldest first; no unfinished ones."""
    folders = (directory / GENERATIONS).glob("*")
    return sorted((int(path.name), path) for path in folders if path.name.isdecimal())


def publish(directory: Path, partial: Path, manifest: Manifest) -> None:
    """Have readers use a written generation: its folder gets its name, then the manifest."""
    write_manifest(partial, manifest)  # a copy, to repair a damaged manifest from
    folder = directory / manifest.folder
    shutil.rmtree(folder, ignore_errors=True)  # of a commit that was killed just here
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
