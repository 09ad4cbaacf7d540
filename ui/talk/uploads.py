"""What people have sent to the page and not added yet: each in a folder that is theirs alone."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

from ui.private import private_folder

UPLOAD_BYTES = 200 * 1024 * 1024
"""The most that one request may bring, all its files together."""
# What waits to be added and never is would fill the disk: beyond this the oldest goes.
_WAITING_BYTES = 5 * UPLOAD_BYTES
_WAITING_REQUESTS = 1000


def shelf_name(owner: str) -> str:
    """The folder name of somebody: it says not who they are, and is the same every time."""
    return hashlib.sha256(owner.encode()).hexdigest()[:16]


class Uploads:
    """A private folder outside the index, gone when the page ends."""

    def __init__(self) -> None:
        self._held = tempfile.TemporaryDirectory(
            prefix="quoth-uploads-", ignore_cleanup_errors=True
        )
        self._requests: OrderedDict[Path, int] = OrderedDict()
        self._lock = Lock()
        # Resolved: files are known by their path, which a link in /tmp would give two names.
        self.folder = Path(self._held.name).resolve()

    def begin(self, owner: str) -> Path:
        """A fresh folder for one request of somebody's."""
        own = private_folder(self.folder / shelf_name(owner))
        return private_folder(own / secrets.token_hex(8))

    def keep(self, request: Path, files: Iterable[str]) -> None:
        """The request has come in whole; the oldest ones make room."""
        size = sum(Path(file).stat().st_size for file in files)
        with self._lock:
            self._requests[request] = size
            while len(self._requests) > 1 and (
                len(self._requests) > _WAITING_REQUESTS
                or sum(self._requests.values()) > _WAITING_BYTES
            ):
                self._remove(next(iter(self._requests)))

    def drop(self, request: Path) -> None:
        """Forget a request: it did not come in whole, or its files have been added."""
        with self._lock:
            self._remove(request)

    def _remove(self, request: Path) -> None:
        self._requests.pop(request, None)
        shutil.rmtree(request, ignore_errors=True)

    def is_own(self, owner: str, path: str) -> bool:
        """Whether a path is a regular file that this person has sent, by no other name than that.

        Nothing is opened: a device or a pipe would never come to an end.
        """
        try:
            if os.path.realpath(path) != path:
                return False
            inside = Path(path).is_relative_to(self.folder / shelf_name(owner))
            return inside and stat.S_ISREG(os.lstat(path).st_mode)
        except (OSError, ValueError):  # ValueError: a null byte
            return False

    def added(self, files: Iterable[str]) -> None:
        """These are in the index; what was sent with them and not added goes as well."""
        for file in files:
            place = Path(file).relative_to(self.folder)
            self.drop(self.folder / place.parts[0] / place.parts[1])

    def end(self) -> None:
        """The page ends."""
        self._held.cleanup()
