"""Looking an index over, and mending it from what is left.

`documents.jsonl` and Chroma's rows are the sources; every other file of a generation can be made
again from them.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store import lock
from index_store.dense import Vectors
from index_store.documents import Document, from_line
from index_store.errors import StoreDamagedError, StoreError, StoreMissingError
from index_store.generation import (
    Fetch,
    file_sum,
    generation_folders,
    manifest_of,
    publish,
    write_generation,
)
from index_store.manifest import GENERATIONS, Manifest, read_manifest, write_manifest
from index_store.places import RowPlaces
from index_store.snapshot import load_array, open_snapshot
from index_store.strays import lost_rows, orphans
from index_store.vectors import VectorStore, discard

_VECTOR_FILES = {"whole.npy", "sentence.npy", "first.npy", "rows.npy"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and whether it has been mended."""

    what: str
    repaired: bool = False


def doctor(directory: Path, *, repair: bool = False) -> list[Finding]:
    """Check an index against its manifest and its vector store.

    Args:
        directory: the index folder.
        repair: mend what can be mended.

    Returns:
        What was found, in the order of looking; empty for a sound index.

    Raises:
        StoreMissingError: there is no index, and nothing to make one from.
        StoreMismatchError: it has another layout.
        StoreBusyError: another process is writing.
    """
    if not directory.is_dir():
        read_manifest(directory)  # says that there is no index
    with lock.write_lock(directory):
        findings: list[Finding] = []
        manifest = _check_manifest(directory, findings, repair=repair)
        if manifest is None:
            return findings
        committed = manifest.generation
        damaged = damaged_files(directory, manifest)
        if damaged:
            manifest = _mend(directory, manifest, damaged, findings, repair=repair)
        if manifest is not None:
            # After going back a generation, rows of no paper are what the next ingest needs.
            back = manifest.generation < committed
            _check_rows(directory, manifest, findings, repair=repair, drop=not back)
            _check_leftovers(directory, manifest, findings, repair=repair)
        return findings


def damaged_files(directory: Path, manifest: Manifest) -> list[str]:
    """Files of a generation that are missing or not as they were written."""
    folder = directory / manifest.folder
    return [
        name
        for name, total in manifest.files.items()
        if not (folder / name).is_file() or file_sum(folder / name) != total
    ]


def _check_manifest(directory: Path, findings: list[Finding], *, repair: bool) -> Manifest | None:
    """The manifest; where it is damaged or gone, that of the newest generation that is sound."""
    try:
        return read_manifest(directory)
    except (StoreDamagedError, StoreMissingError) as error:
        sound = _newest_sound(directory)
        if sound is None:
            if isinstance(error, StoreMissingError):
                raise
            findings.append(Finding(f"{error}; no generation is sound: ingest the papers again"))
            return None
        if repair:
            write_manifest(directory, sound)
        findings.append(
            Finding(f"the manifest is lost; generation {sound.generation} is sound", repair)
        )
        return sound if repair else None


def _newest_sound(directory: Path, *, below: int | None = None) -> Manifest | None:
    for number, folder in reversed(generation_folders(directory)):
        if below is not None and number >= below:
            continue
        try:
            manifest = read_manifest(folder)
        except StoreError:
            continue
        if manifest.generation == number and not damaged_files(directory, manifest):
            return manifest
    return None


def _mend(
    directory: Path,
    manifest: Manifest,
    damaged: list[str],
    findings: list[Finding],
    *,
    repair: bool,
) -> Manifest | None:
    """Make the generation anew, else go back to the last sound one; None when neither can be."""
    what = f"generation {manifest.generation}: damaged {', '.join(damaged)}"
    if not repair:
        findings.append(Finding(what))
        return None
    if "documents.jsonl" not in damaged:
        try:
            mended = _write_anew(directory, manifest, damaged)
            findings.append(Finding(f"{what}; made again as {mended.generation}", True))
            return mended
        except StoreDamagedError as error:
            what = f"{what}; {error}"
    sound = _newest_sound(directory, below=manifest.generation)
    if sound is None:
        advice = "move the folder away and ingest the papers again"
        findings.append(Finding(f"{what}; nothing to make it from: {advice}"))
        return None
    write_manifest(directory, sound)
    lost = f"{sound.documents} papers instead of {manifest.documents}"
    findings.append(
        Finding(f"{what}; back to {sound.generation}, {lost}: ingest the others again", True)
    )
    return sound


def _write_anew(directory: Path, manifest: Manifest, damaged: list[str]) -> Manifest:
    """The next generation from the documents of a damaged one, and its vectors or Chroma's.

    Raises:
        StoreDamagedError: some vectors are in neither.
    """
    folder = directory / manifest.folder
    generation = manifest.generation + 1
    partial = directory / GENERATIONS / f"{generation}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    with contextlib.ExitStack() as open_things:
        if _VECTOR_FILES.isdisjoint(damaged):
            fetch = _fetch_from_files(folder)
        else:
            store = VectorStore(directory, embedder=manifest.settings.embedder, create=False)
            open_things.enter_context(contextlib.closing(store))
            fetch = _fetch_from_store(store)
        written = write_generation(
            partial,
            _documents(folder / "documents.jsonl"),
            fetch=fetch,
            text_fields=manifest.settings.text_fields,
        )
    mended = manifest_of(written, manifest.settings, generation=generation)
    publish(directory, partial, mended)
    return mended


def _fetch_from_files(folder: Path) -> Fetch:
    whole, sentence, first, rows = (
        load_array(folder / f"{name}.npy") for name in ("whole", "sentence", "first", "rows")
    )
    places, vectors = RowPlaces(rows), Vectors(whole, sentence, first)
    return lambda row_ids: vectors.at(places.find(row_ids))


def _fetch_from_store(store: VectorStore) -> Fetch:
    def fetch(row_ids: Sequence[str]) -> NDArray[np.float32]:
        found = store.fetch(row_ids)
        lost = len(set(row_ids)) - len(found)
        if lost:
            raise StoreDamagedError(f"{lost} of its vectors are lost from the vector store too")
        return np.stack([found[row] for row in row_ids])

    return fetch


def _documents(path: Path) -> Iterator[Document]:
    with path.open("rb") as lines:
        for line in lines:
            yield from_line(line)


def _check_rows(
    directory: Path, manifest: Manifest, findings: list[Finding], *, repair: bool, drop: bool
) -> None:
    """Compare the rows in Chroma with those of the generation; `drop` those of no document."""
    embedder = manifest.settings.embedder
    try:
        store = VectorStore(directory, embedder=embedder, create=False)
    except StoreDamagedError as error:
        findings.append(Finding(str(error), repair))
        if not repair:
            return
        discard(directory)
        store = VectorStore(directory, embedder=embedder)
    try:
        snapshot = open_snapshot(directory)
        lost = lost_rows(store, snapshot, restore=repair)
        if lost:
            findings.append(Finding(f"{lost} rows are missing from the vector store", repair))
        strays = orphans(store, snapshot) if drop else []
        if strays:
            what = f"{len(strays)} rows in the vector store belong to no paper"
            findings.append(Finding(f"{what} (of an ingest that was not finished?)", repair))
            if repair:
                store.delete(strays)
    finally:
        store.close()


def _check_leftovers(
    directory: Path, manifest: Manifest, findings: list[Finding], *, repair: bool
) -> None:
    """Folders that killed commits left, and generations that nobody reads any more."""
    keep = {manifest.generation, manifest.generation - 1}
    stale = [folder for number, folder in generation_folders(directory) if number not in keep]
    stale += sorted((directory / GENERATIONS).glob("*.partial"))
    for folder in stale:
        if repair:
            shutil.rmtree(folder, ignore_errors=True)
        findings.append(Finding(f"left over: {folder.relative_to(directory).as_posix()}", repair))
