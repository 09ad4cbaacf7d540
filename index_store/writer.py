"""Writing: rows go to Chroma as they are made; a commit makes a generation of them.

The order is what makes a kill harmless: rows first (invisible, kept), then the files of the next
generation (invisible), then the manifest (one atomic step), and only then is anything removed.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_store import lock
from index_store.documents import Document, RowPlaces
from index_store.errors import StoreDamagedError, StoreMismatchError, space_errors
from index_store.files import damaged_files, newest_sound, set_aside
from index_store.generation import (
    Progress,
    manifest_of,
    partial_folder,
    publish,
    write_generation,
)
from index_store.manifest import FILE as MANIFEST
from index_store.manifest import Manifest, Settings, generation_folders, write_manifest
from index_store.mending import lost_rows
from index_store.overlay import Merge
from index_store.snapshot import Snapshot, open_snapshot, try_snapshot
from index_store.vectors import FOLDER, VectorStore

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def open_writer(
    directory: Path,
    settings: Settings,
    *,
    wait_seconds: float = lock.SECONDS,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[IndexWriter]:
    """The one writer of an index; the folder is made when it is not there.

    Args:
        directory: the index folder.
        settings: what the rows are made with.
        wait_seconds: how long to wait for another writer.
        on_wait: told once, in a sentence, when there is one.

    Raises:
        StoreBusyError: another process is still writing after `wait_seconds`.
        StoreMismatchError: the index was made with another embedder, chunking or layout.
        StoreDamagedError: the index cannot be read.
        StoreFullError: the disk is full, whoever met it while the writer was open.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(space_errors(directory))
        directory.mkdir(parents=True, exist_ok=True)
        held.enter_context(lock.write_lock(directory, wait_seconds=wait_seconds, on_wait=on_wait))
        writer = IndexWriter(directory, settings)
        try:
            yield writer
        finally:
            writer.close()


class IndexWriter:
    """Adds rows and commits documents. Made by `open_writer`, which holds the lock."""

    def __init__(self, directory: Path, settings: Settings) -> None:
        self.directory = directory
        self.settings = settings
        _find_manifest(directory)
        self.snapshot: Snapshot | None = try_snapshot(directory, settings=settings)
        """What is committed now; None before the first commit."""
        self._store: VectorStore | None = None
        self._places: RowPlaces | None = None

    def close(self) -> None:
        """Let go of the vector store."""
        if self._store is not None:
            self._store.close()
            self._store = None

    def missing_rows(self, row_ids: Sequence[str]) -> list[str]:
        """Those of these rows that have to be embedded: in neither the index nor the store."""
        absent = [r for r, at in zip(row_ids, self._committed(row_ids), strict=True) if at < 0]
        present = self._rows().has(absent) if absent else set()
        return [row for row in dict.fromkeys(absent) if row not in present]

    def add_rows(self, row_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Keep rows. Durable when this returns, visible to readers after the next commit.

        Args:
            row_ids: k distinct ids.
            vectors: (k, dim) float32.

        Raises:
            ValueError: the shapes do not fit, or a vector is not finite.
            StoreDamagedError: Chroma failed.
        """
        vectors = np.asarray(vectors, dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(row_ids):
            raise ValueError(f"{len(row_ids)} rows, vectors of shape {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("a vector of the embedder is not finite")
        if len(row_ids):
            self._rows().put(row_ids, vectors)

    def commit(
        self,
        changed: Iterable[Document],
        *,
        dropped: Iterable[str] = (),
        progress: Progress | None = None,
    ) -> Manifest:
        """Make the next generation and have readers use it.

        Args:
            changed: new and altered documents, sorted by id; all their rows have been added.
            dropped: ids of documents to leave out.
            progress: called with a stage ("words", "vectors"), how much is done and of how much.

        Returns:
            What is committed now; the same as before when nothing differs.

        Raises:
            StoreDamagedError: a row is in neither the index nor the store.
            ValueError: `changed` is not sorted by id.
        """
        before = self.snapshot
        self.require_sound()
        merged = Merge(before, changed, frozenset(dropped))
        with partial_folder(self.directory) as (generation, partial):
            written = write_generation(
                partial,
                merged,
                fetch=self._fetch,
                text_fields=self.settings.text_fields,
                progress=progress,
            )
            manifest = manifest_of(written, self.settings, generation=generation)
            if before is not None and before.manifest.files == manifest.files:
                return before.manifest
            publish(self.directory, partial, manifest)
        self.snapshot, self._places = open_snapshot(self.directory), None
        self._sweep(merged.abandoned, before=before)
        return manifest

    def require_sound(self) -> None:
        """Read all that a commit copies: what is damaged must not get new sums.

        Raises:
            StoreDamagedError: a file of the last generation is not as it was written.
        """
        if self.snapshot is None:
            return
        manifest = self.snapshot.manifest
        damaged = damaged_files(self.directory, manifest)
        if damaged:
            raise StoreDamagedError(
                f"generation {manifest.generation} of the index in {self.directory} is damaged "
                f"({', '.join(damaged)}) and was not copied: run `quoth doctor --repair`, then "
                "ingest again; what was embedded is kept"
            )

    def _sweep(self, abandoned: list[str], *, before: Snapshot | None) -> None:
        """Remove what no reader of this or of the last generation needs."""
        if abandoned:
            self._rows().delete(abandoned)
        for number, folder in generation_folders(self.directory):
            if before is not None and number < before.manifest.generation:
                shutil.rmtree(folder, ignore_errors=True)

    def _fetch(self, row_ids: Sequence[str]) -> NDArray[np.float32]:
        """Vectors from the last generation where it has them, else from Chroma."""
        at = self._committed(row_ids)
        new = np.flatnonzero(at < 0).tolist()
        fetched = self._rows().fetch([row_ids[i] for i in new]) if new else {}
        lost = [row_ids[i] for i in new if row_ids[i] not in fetched]
        if lost:
            raise StoreDamagedError(
                f"{len(lost)} vectors are lost from {self.directory}, the first is {lost[0]}: "
                "run `quoth doctor --repair`, then ingest again"
            )
        dimension = len(next(iter(fetched.values()))) if fetched else self._dimension()
        out = np.empty((len(row_ids), dimension), dtype=np.float32)
        if len(new) < len(row_ids) and self.snapshot is not None:
            old = np.flatnonzero(at >= 0)
            out[old] = self.snapshot.rows_at(at[old])
        for i in new:
            out[i] = fetched[row_ids[i]]
        return out

    def _dimension(self) -> int:
        return self.snapshot.manifest.dimension if self.snapshot is not None else 0

    def _committed(self, row_ids: Sequence[str]) -> NDArray[np.int64]:
        if self.snapshot is None:
            return np.full(len(row_ids), -1, dtype=np.int64)
        if self._places is None:
            self._places = RowPlaces(self.snapshot.row_ids)
        return self._places.find(row_ids)

    def _rows(self) -> VectorStore:
        """Chroma, opened when first needed; made anew from the index when it cannot be read."""
        if self._store is None:
            embedder = self.settings.embedder
            try:
                self._store = VectorStore(self.directory, embedder=embedder)
            except (StoreDamagedError, StoreMismatchError) as error:
                aside = set_aside(self.directory / FOLDER, "aside")
                _log.warning("making the vector store anew, the old one is %s: %s", aside, error)
                self._store = VectorStore(self.directory, embedder=embedder)
                if self.snapshot is not None:
                    lost_rows(self._store, self.snapshot, restore=True)
        return self._store


def _find_manifest(directory: Path) -> None:
    """Go on from the newest sound generation where only the manifest is lost: never from nothing.

    Raises:
        StoreDamagedError: there are generations, and none of them is sound.
    """
    if (directory / MANIFEST).exists() or not generation_folders(directory):
        return
    sound = newest_sound(directory)
    if sound is None:
        raise StoreDamagedError(
            f"the manifest of the index in {directory} is lost and no generation there is sound: "
            "nothing was changed; move that folder away or name another (--index DIR)"
        )
    _log.warning(
        "the manifest in %s was lost: going on from generation %d", directory, sound.generation
    )
    write_manifest(directory, sound)
