"""The durable rows: one persistent Chroma collection, cosine, our ids. chromadb lives only here.

Readers do not come here (they scan the vectors of a generation) unless an index is too large to
scan. Chroma normalises what it is given, so what is read back are unit vectors.
"""

from __future__ import annotations

import contextlib
import itertools
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_store.errors import StoreDamagedError, StoreMismatchError, full_disk

FOLDER = "chroma"
_COLLECTION = "rows"
# Rows between two writes of Chroma's whole HNSW file, and so the most that are inserted again (at
# 600 to 3,000 a second) when it is opened. Chroma's own 1,000 would rewrite a file of 1.6 GB for
# every 1,000 of a million rows.
_SYNC_THRESHOLD = 5_000
_GET_BATCH = 4_096
# How Chroma tells of a full disk: SQLite's words, the system's, or a failure with nothing left.
_FULL = ("disk is full", "No space left", "os error 28")
_LEAST_FREE = 65_536  # bytes


class VectorStore:
    """Rows by id, in the folder of an index. Made with `open`; close it when done."""

    def __init__(self, directory: Path, *, embedder: str, create: bool = True) -> None:
        """Open the rows in `directory`.

        With `create`, an empty store is made where there is none.

        Raises:
            StoreDamagedError: Chroma cannot read its files, or there are none and `create` is
                False.
            StoreMismatchError: the rows are another embedder's, or not ours at all.
            StoreFullError: the disk is full.
        """
        self.folder = directory / FOLDER
        if not create and not self.folder.is_dir():
            raise StoreDamagedError(f"{self.folder} is missing: run `quoth doctor --repair`")
        with _reading(self.folder):
            self._client = _client(self.folder)
        try:
            self._collection = self._open(embedder, create=create)
        except BaseException:
            self._client.close()
            raise

    def _open(self, embedder: str, *, create: bool) -> Any:
        with _reading(self.folder):
            if create:
                collection = self._made_for(embedder)
                found = (collection.metadata or {}).get("embedder")
                if found != embedder:
                    raise StoreMismatchError(
                        f"the rows in {self.folder} are of embedder {found!r}, wanted {embedder!r}"
                    )
            else:
                collection = self._client.get_collection(_COLLECTION, embedding_function=None)
            # Chroma reads its HNSW files late; whether it can is better known now.
            collection.get(limit=1, include=["embeddings"])
        return collection

    def _made_for(self, embedder: str) -> Any:
        return self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            metadata={"embedder": embedder},
            configuration={"hnsw": {"space": "cosine", "sync_threshold": _SYNC_THRESHOLD}},
        )

    def close(self) -> None:
        """Let go of Chroma's files."""
        self._client.close()

    def has(self, row_ids: Sequence[str]) -> set[str]:
        """Which of these rows are present."""
        found: set[str] = set()
        with _reading(self.folder):
            for batch in _batches(row_ids, _GET_BATCH):
                found.update(self._collection.get(ids=batch, include=[])["ids"])
        return found

    def put(self, row_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace rows; durable when this returns.

        Args:
            row_ids: n distinct ids.
            vectors: (n, dim) float32.

        Raises:
            StoreDamagedError: Chroma failed.
            StoreFullError: the disk is full, or so nearly that Chroma might not come to an end.
        """
        limit = self._client.get_max_batch_size()
        with _reading(self.folder):
            rows = self._collection.count() + len(row_ids)
            if shutil.disk_usage(self.folder).free < _room(rows, dimension=vectors.shape[1]):
                raise full_disk(self.folder.parent)
            for start in range(0, len(row_ids), limit):
                part = slice(start, start + limit)
                self._collection.upsert(ids=list(row_ids[part]), embeddings=vectors[part])
            # Chroma writes its graph when it is next read: now, while there is room for it.
            self._collection.get(limit=1, include=["embeddings"])

    def fetch(self, row_ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The unit vectors of those of these rows that are present."""
        vectors: dict[str, NDArray[np.float32]] = {}
        with _reading(self.folder):
            for batch in _batches(row_ids, _GET_BATCH):
                got = self._collection.get(ids=batch, include=["embeddings"])
                vectors.update(zip(got["ids"], _float32(got["embeddings"]), strict=True))
        return vectors

    def delete(self, row_ids: Sequence[str]) -> None:
        """Drop rows; those that are not there are none."""
        limit = self._client.get_max_batch_size()
        with _reading(self.folder):
            for batch in _batches(row_ids, limit):
                self._collection.delete(ids=batch)

    def row_ids(self) -> set[str]:
        """All rows."""
        with _reading(self.folder):
            return set(self._collection.get(include=[])["ids"])

    def nearest(self, query: NDArray[np.float32], *, limit: int) -> list[str]:
        """The ids of about the `limit` nearest rows by cosine, from the HNSW graph."""
        with _reading(self.folder):
            count = min(limit, self._collection.count())
            if not count:
                return []
            found = self._collection.query(query_embeddings=[query], n_results=count, include=[])
            return list(found["ids"][0])


def set_aside(directory: Path) -> Path | None:
    """Give the folder of the rows another name, so that they can be made anew; returns it.

    It is not removed: rows that no generation has yet may be worth more than they look, and in a
    folder that was named by mistake they are somebody else's.
    """
    folder = directory / FOLDER
    if not folder.exists():
        return None
    names = (directory / f"{FOLDER}.aside-{number}" for number in itertools.count(1))
    aside = next(name for name in names if not name.exists())
    folder.rename(aside)
    return aside


def _room(rows: int, *, dimension: int) -> int:
    """Bytes that must be free before rows are written.

    Chroma 1.5.9 writes its graph over the last one: with the disk full in the middle of that, all
    rows are lost. Counted from its files: a vector and 300 bytes a row of the graph, which grows
    by a fifth or by the rows since it was last written, and 100 bytes a row of names.
    """
    grown = min(rows, _SYNC_THRESHOLD) + rows // 4
    return grown * (4 * dimension + 400) + rows * 200


def _no_space(folder: Path) -> bool:
    place = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    return shutil.disk_usage(place).free < _LEAST_FREE


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.api.shared_system_client import SharedSystemClient
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except ChromaError:
        # Chroma 1.5.9 keeps a system that failed to start, and would hand it out again for the
        # same folder after it has been mended.
        SharedSystemClient._identifier_to_system.pop(str(folder), None)
        raise


def _batches(row_ids: Sequence[str], size: int) -> Iterator[list[str]]:
    # Chroma refuses an id that comes twice in a call; a sentence may come twice in a text.
    once = list(dict.fromkeys(row_ids))
    for start in range(0, len(once), size):
        yield once[start : start + size]


def _float32(embeddings: Any) -> NDArray[np.float32]:
    return np.asarray(embeddings, dtype=np.float32)


@contextlib.contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Chroma's errors as ours.

    Raises:
        StoreDamagedError: Chroma failed.
        StoreFullError: it failed because the disk is full.
    """
    from chromadb.errors import ChromaError

    try:
        yield
    except ChromaError as error:
        if any(words in str(error) for words in _FULL) or _no_space(folder):
            raise full_disk(folder.parent) from error
        raise StoreDamagedError(
            f"the vector store {folder} cannot be used ({str(error).splitlines()[0]}): "
            "run `quoth doctor --repair`"
        ) from error
