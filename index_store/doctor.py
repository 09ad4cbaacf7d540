"""Looking an index over, and having it mended."""

from __future__ import annotations

import contextlib
import errno
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index_store import lock
from index_store.dense import EXACT_LIMIT
from index_store.errors import StoreDamagedError, StoreError, StoreMissingError, space_errors
from index_store.files import (
    UNREADABLE,
    damaged_files,
    newest_sound,
    own_manifests,
    set_aside,
)
from index_store.manifest import (
    GENERATIONS,
    Manifest,
    generation_folders,
    read_manifest,
    write_manifest,
)
from index_store.mending import lost_rows, mend, orphans
from index_store.snapshot import Snapshot, open_snapshot
from index_store.vectors import FOLDER, VectorStore

_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


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
    with contextlib.suppress(StoreDamagedError):
        read_manifest(directory)  # where there is no index, not even a lock is left
    with space_errors(directory), _held(directory, repair=repair) as writable:
        findings: list[Finding] = []
        manifest = _check_manifest(directory, findings, repair=repair)
        if manifest is None:
            return findings
        damaged = damaged_files(directory, manifest)
        if damaged:
            manifest = _check_files(directory, manifest, damaged, findings, repair=repair)
        if manifest is not None:
            # Where something had to be mended, rows of no paper are what the next ingest needs.
            drop = not findings
            _check_copy(directory, manifest, findings, repair=repair)
            with _vector_folder(directory, writable=writable) as folder:
                _check_rows(directory, folder, findings, repair=repair, drop=drop)
            _check_leftovers(directory, manifest, findings, repair=repair)
        return findings


@contextlib.contextmanager
def _held(directory: Path, *, repair: bool) -> Iterator[bool]:
    """The write lock, and whether it is held: nobody can write where it cannot be."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(lock.write_lock(directory))
            writable = True
        except OSError as error:
            if repair or error.errno not in _READ_ONLY:
                raise
            writable = False
        yield writable


@contextlib.contextmanager
def _vector_folder(directory: Path, *, writable: bool) -> Iterator[Path]:
    """The folder that holds Chroma's: a copy where Chroma, which always writes, could not."""
    if writable or not (directory / FOLDER).is_dir():
        yield directory
        return
    with tempfile.TemporaryDirectory(prefix="quoth-doctor-") as copy:
        shutil.copytree(directory / FOLDER, Path(copy) / FOLDER)
        yield Path(copy)


def _check_manifest(directory: Path, findings: list[Finding], *, repair: bool) -> Manifest | None:
    """The manifest that counts; where it is not the one that is there, it is put there."""
    try:
        manifest = read_manifest(directory)
        found, what = _better(directory, manifest)
        if found is None:
            return manifest
    except (StoreDamagedError, StoreMissingError) as error:
        found = newest_sound(directory) or next(own_manifests(directory), None)
        if found is None:
            if isinstance(error, StoreMissingError):
                raise
            advice = "move the folder away and ingest the papers again"
            findings.append(Finding(f"{error}; no generation can be read: {advice}"))
            return None
        what = f"the manifest is lost; generation {found.generation} is the newest that is left"
    if repair:
        write_manifest(directory, found)
    findings.append(Finding(what, repair))
    return found if repair else None


def _better(directory: Path, manifest: Manifest) -> tuple[Manifest | None, str]:
    """A manifest that is to be trusted more than that of the folder, and why."""
    newer = newest_sound(directory, above=manifest.generation)
    if newer is not None:
        what = f"generation {newer.generation} is sound and newer than the one that is read"
        return newer, f"{what} ({manifest.generation}): a commit that was killed at its end?"
    own = _own(directory, manifest)
    if own is not None and own != manifest and not damaged_files(directory, own):
        with contextlib.suppress(StoreDamagedError, *UNREADABLE):
            Snapshot(directory, own, exact_limit=EXACT_LIMIT)
            return own, "the manifest is damaged; that in the folder of its generation is sound"
    return None, ""


def _own(directory: Path, manifest: Manifest) -> Manifest | None:
    """The copy of a manifest in the folder of its generation, None where it is not one."""
    try:
        own = read_manifest(directory / manifest.folder)
    except StoreError:
        return None
    return own if own.generation == manifest.generation else None


def _check_files(
    directory: Path,
    manifest: Manifest,
    damaged: list[str],
    findings: list[Finding],
    *,
    repair: bool,
) -> Manifest | None:
    """Have a damaged generation mended; None where it is not."""
    what = f"generation {manifest.generation}: damaged {', '.join(damaged)}"
    if not repair:
        findings.append(Finding(what))
        return None
    mended, told = mend(directory, manifest, damaged)
    findings.append(Finding(f"{what}; {told}", mended is not None))
    return mended


def _check_copy(
    directory: Path, manifest: Manifest, findings: list[Finding], *, repair: bool
) -> None:
    """The copy of the manifest that a lost one is taken from."""
    if _own(directory, manifest) != manifest:
        if repair:
            write_manifest(directory / manifest.folder, manifest)
        findings.append(Finding(f"{manifest.folder}/manifest.json is damaged", repair))


def _check_rows(
    directory: Path, folder: Path, findings: list[Finding], *, repair: bool, drop: bool
) -> None:
    """Compare Chroma's rows in `folder` with those of the index; `drop` those of no document."""
    snapshot = open_snapshot(directory)
    embedder = snapshot.manifest.settings.embedder
    try:
        store = VectorStore(folder, embedder=embedder, create=False)
    except StoreDamagedError as error:
        findings.append(Finding(str(error), repair))
        if not repair:
            return
        set_aside(directory / FOLDER, "aside")
        store = VectorStore(directory, embedder=embedder)
    try:
        lost = lost_rows(store, snapshot, restore=repair)
        if lost:
            findings.append(
                Finding(f"{lost} rows are missing from the vector store, or wrong there", repair)
            )
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
    older = [
        folder for number, folder in generation_folders(directory) if number < manifest.generation
    ]
    stale = older[:-1]  # the last one may have readers
    stale += sorted((directory / GENERATIONS).glob("*.partial"))
    for folder in stale:
        if repair:
            shutil.rmtree(folder, ignore_errors=True)
        findings.append(Finding(f"left over: {folder.relative_to(directory).as_posix()}", repair))
