"""What can be wrong with an index on disk. Every message says what was met and what to do next.

StoreError
├── StoreMissingError     there is no index yet
├── StoreMismatchError    made with another embedder, chunking or layout
├── StoreDamagedError     unreadable; `quoth doctor --repair`
├── StoreFullError        no space is left on the disk
└── StoreBusyError        another process is writing
"""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path


class StoreError(Exception):
    """Base of the errors that the store raises on purpose."""


class StoreMissingError(StoreError):
    """No index at the given place."""


class StoreMismatchError(StoreError):
    """The index was made with other settings; the message names stored and wanted."""


class StoreDamagedError(StoreError):
    """A file of the index cannot be read or does not fit the others."""


class StoreFullError(StoreError):
    """The disk is full; what was committed is whole."""


class StoreBusyError(StoreError):
    """Another process holds the write lock."""


@contextlib.contextmanager
def space_errors(directory: Path) -> Iterator[None]:
    """A full disk, met while writing to an index, as an error of its own.

    Raises:
        StoreFullError: with how much is left, and what to do.
    """
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if not _says_full(error):
            raise
        raise full_disk(directory) from error


def full_disk(directory: Path) -> StoreFullError:
    """What to say when the disk of an index, or that of temporary files, is full."""
    near = next(one for one in (directory, *directory.absolute().parents) if one.exists())
    temporary = tempfile.gettempdir()
    free, other = (shutil.disk_usage(place).free // 2**20 for place in (near, temporary))
    return StoreFullError(
        f"the disk is full: {free} MB are left for the index in {directory}, {other} MB for "
        f"temporary files in {temporary}. Make room, or choose another place with "
        "--index DIR, then ingest again; what was committed is whole, what was embedded is kept"
    )


def _says_full(error: OSError | sqlite3.Error) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    if error.errno is None:  # what numpy raises when an array could be written in part only
        return "requested and" in str(error)
    return error.errno in (errno.ENOSPC, errno.EDQUOT)
