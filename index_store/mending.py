"""Making a damaged generation again from what is left of it.

`documents.jsonl` and Chroma's rows are the sources; every other file of a generation can be made
again from them. What cannot be made again is given another name, never removed. Chroma's rows in
turn are held against those of a generation: what it lost, and what nobody has any more.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store.dense import EXACT_LIMIT, Vectors
from index_store.documents import Document, RowPlaces, from_line, line_sum, to_line
from index_store.errors import StoreDamagedError, space_errors
from index_store.files import UNREADABLE, Files, newest_sound, set_aside
from index_store.generation import Fetch, manifest_of, partial_folder, publish, write_generation
from index_store.manifest import Manifest, write_manifest
from index_store.snapshot import Snapshot
from index_store.vectors import VectorStore

_VECTOR_FILES = frozenset({"whole.npy", "sentence.npy", "first.npy", "rows.npy"})
_LINE_FILES = frozenset({"documents.npy", "sums.npy", "ids.json"})
_NAMED = 20  # lost documents that are named
_ROUNDING = 1e-5  # what Chroma, which normalises what it is given, may have changed


def mend(
    directory: Path, manifest: Manifest, damaged: Collection[str]
) -> tuple[Manifest | None, str]:
    """Make a generation anew, else go back to the last sound one.

    Returns:
        What is committed now, None where nothing could be done; and what was done or is to do.
    """
    documents = _Documents(directory, manifest, damaged)
    try:
        with space_errors(directory):  # a full disk is no reason to go back
            mended = _write_anew(directory, manifest, documents, damaged)
    except (StoreDamagedError, *UNREADABLE) as error:
        return _go_back(directory, manifest, why=str(error))
    told = f"made again as {mended.generation}"
    if not documents.lost:
        shutil.rmtree(directory / manifest.folder, ignore_errors=True)
        return mended, told
    kept = _kept(directory / manifest.folder)
    names = ", ".join(documents.lost[:_NAMED])
    lost = f"{len(documents.lost)} papers are lost, ingest them again: {names}"
    return mended, f"{told}; {lost}{kept}"


def _go_back(directory: Path, manifest: Manifest, *, why: str) -> tuple[Manifest | None, str]:
    sound = newest_sound(directory, below=manifest.generation)
    if sound is None:
        advice = "move the folder away and ingest the papers again"
        return None, f"{why}; nothing to make it from: {advice}"
    write_manifest(directory, sound)
    kept = _kept(directory / manifest.folder)
    lost = f"{sound.documents} papers instead of {manifest.documents}"
    back = f"back to {sound.generation}, {lost}: ingest the others again"
    return sound, f"{why}; {back}{kept}"


def _kept(folder: Path) -> str:
    """Give a damaged generation a name that is no generation's, and say so where it is there."""
    aside = set_aside(folder, "damaged")
    return f"; what is damaged is kept as {aside.name}" if aside else ""


class _Documents:
    """The documents of a generation, as far as their lines are as they were written.

    Iterating fills `lost` with the ids of the others, except those that the last sound generation
    has the very same line of.
    """

    def __init__(self, directory: Path, manifest: Manifest, damaged: Collection[str]) -> None:
        self._directory = directory
        self._manifest = manifest
        self._damaged = damaged
        self.lost: list[str] = []

    def __iter__(self) -> Iterator[Document]:
        """The documents, by id.

        Raises:
            StoreDamagedError: none is left, or which lines are sound cannot be told.
        """
        with (self._directory / self._manifest.folder / "documents.jsonl").open("rb") as lines:
            if "documents.jsonl" not in self._damaged:
                yield from map(from_line, lines)
                return
            known = _LINE_FILES.intersection(self._manifest.files).difference(self._damaged)
            if known != _LINE_FILES:  # or it was made by a version without sums
                raise StoreDamagedError("which of its papers are sound cannot be told")
            files = Files(self._directory, self._manifest, names=_LINE_FILES)
            begins, sums = files.array("documents.npy"), files.array("sums.npy")
            older = self._older()
            for index, name in enumerate(files.ids()):
                lines.seek(int(begins[index]))
                line = lines.read(int(begins[index + 1] - begins[index]))
                if line_sum(line) != sums[index].tobytes():
                    line = _line_of(older, name)
                if line_sum(line) == sums[index].tobytes():
                    yield from_line(line)
                else:
                    self.lost.append(name)
        if len(self.lost) == self._manifest.documents:
            raise StoreDamagedError("none of its papers is sound")

    def _older(self) -> Snapshot | None:
        sound = newest_sound(self._directory, below=self._manifest.generation)
        if sound is None:
            return None
        return Snapshot(self._directory, sound, exact_limit=EXACT_LIMIT)


def _line_of(snapshot: Snapshot | None, name: str) -> bytes:
    """The line of a document, empty where there is none of that id."""
    index = snapshot.index_of(name) if snapshot is not None else None
    return to_line(snapshot.document_at(index)) if snapshot and index is not None else b""


def _write_anew(
    directory: Path, manifest: Manifest, documents: _Documents, damaged: Collection[str]
) -> Manifest:
    """The next generation from the documents of a damaged one, and its vectors or Chroma's.

    Raises:
        StoreDamagedError: some vectors are in neither, or the documents are lost.
    """
    with contextlib.ExitStack() as open_things:
        if _VECTOR_FILES.isdisjoint(damaged):
            fetch = _fetch_from_files(Files(directory, manifest, names=_VECTOR_FILES))
        else:
            store = VectorStore(directory, embedder=manifest.settings.embedder, create=False)
            open_things.enter_context(contextlib.closing(store))
            fetch = _fetch_from_store(store)
        generation, partial = open_things.enter_context(partial_folder(directory))
        written = write_generation(
            partial, documents, fetch=fetch, text_fields=manifest.settings.text_fields
        )
        mended = manifest_of(written, manifest.settings, generation=generation)
        publish(directory, partial, mended)
    return mended


def _fetch_from_files(files: Files) -> Fetch:
    whole, sentence, first, rows = (
        files.array(f"{name}.npy") for name in ("whole", "sentence", "first", "rows")
    )
    places, vectors = RowPlaces(rows), Vectors(whole, sentence, first)
    return lambda row_ids: files.read(vectors.at, places.find(row_ids))


def _fetch_from_store(store: VectorStore) -> Fetch:
    def fetch(row_ids: Sequence[str]) -> NDArray[np.float32]:
        found = store.fetch(row_ids)
        lost = len(set(row_ids)) - len(found)
        if lost:
            raise StoreDamagedError(f"{lost} of its vectors are lost from the vector store too")
        return np.stack([found[row] for row in row_ids])

    return fetch


def lost_rows(store: VectorStore, snapshot: Snapshot, *, restore: bool) -> int:
    """How many committed rows the store lacks or has wrong; with `restore`, it is given them."""
    count = 0
    for row_ids, vectors in snapshot.row_blocks():
        stored = store.fetch(row_ids)
        none = np.full(vectors.shape[1], np.nan, dtype=np.float32)
        found = np.stack([stored.get(row, none) for row in row_ids])
        right = (np.abs(found - vectors) <= _ROUNDING).all(axis=1)
        lost = {row_ids[place]: place for place in np.flatnonzero(~right).tolist()}
        if lost and restore:
            store.put(list(lost), vectors[list(lost.values())])
        count += len(lost)
    return count


def orphans(store: VectorStore, snapshot: Snapshot) -> list[str]:
    """Rows in the store that no committed document has, sorted."""
    row_ids = sorted(store.row_ids())
    places = RowPlaces(snapshot.row_ids).find(row_ids)
    return [row for row, place in zip(row_ids, places, strict=True) if place < 0]
