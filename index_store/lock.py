"""One writer at a time, over processes and threads."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from index_store.errors import StoreBusyError

FILE = "index.lock"
SECONDS = 10.0


@contextlib.contextmanager
def write_lock(
    directory: Path, *, wait_seconds: float = SECONDS, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold the write lock of an index folder, which exists.

    Args:
        directory: the index folder.
        wait_seconds: how long to wait for another writer.
        on_wait: told once, in a sentence, when there is one.

    Raises:
        StoreBusyError: another writer still holds it after `wait_seconds`.
    """
    # The system lets go of the lock when its process dies, however it dies.
    lock = FileLock(directory / FILE)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if on_wait is not None and wait_seconds > 0:
                on_wait(f"another process is writing to {directory}: waiting {wait_seconds:.0f} s")
            lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise StoreBusyError(
            f"another process is writing to {directory} and did not finish in "
            f"{wait_seconds:.0f} s: try again when it is done"
        ) from error
    try:
        yield
    finally:
        lock.release()
