"""Replies of services, kept beside the index: what is kept is not fetched again."""

from __future__ import annotations

import gzip
import hashlib
import os
import zlib
from datetime import date
from pathlib import Path

FOLDER = "fetched"
"""Where they are in the folder of an index. It may be deleted at any time."""
_FINAL = "final"


class Replies:
    """Packed replies by what was asked; whole or not there, whenever it was interrupted.

    A reply on what is past is kept for good ("KEY.final.gz"), one that may be another tomorrow for
    the day it came on ("KEY.2026-12-01.gz").
    """

    def __init__(self, folder: Path, *, scratch: Path | None = None) -> None:
        """Nothing is made yet.

        Args:
            folder: where replies are looked for, and kept.
            scratch: where they are kept instead, so that `folder` stays as it is.
        """
        self._folders = (folder,) if scratch is None else (scratch, folder)
        self._tidied = False

    def find(self, asked: str, *, today: date) -> tuple[Path, bytes] | None:
        """The reply that is kept and still good, None if there is none."""
        for folder in self._folders:
            for until in (_FINAL, today.isoformat()):
                path = folder / f"{_key(asked)}.{until}.gz"
                try:
                    return path, gzip.decompress(path.read_bytes())
                except FileNotFoundError:
                    continue
                except (OSError, EOFError, zlib.error):  # damaged: fetched anew
                    continue
        return None

    def keep(self, asked: str, body: bytes, *, today: date, final: bool) -> Path:
        """Keep a reply in the place of any other to the same question."""
        folder = self._folders[0]
        folder.mkdir(parents=True, exist_ok=True)
        self._tidy(folder, today)
        key = _key(asked)
        path = folder / f"{key}.{_FINAL if final else today.isoformat()}.gz"
        partial = folder / f"{key}.partial-{os.getpid()}"
        partial.write_bytes(gzip.compress(body, 6, mtime=0))
        partial.replace(path)
        return path

    def _tidy(self, folder: Path, today: date) -> None:
        """Remove, once, what was kept for another day."""
        if not self._tidied:
            self._tidied = True
            for path in folder.glob("*.gz"):
                if not path.name.endswith((f".{_FINAL}.gz", f".{today}.gz")):
                    path.unlink(missing_ok=True)


def _key(asked: str) -> str:
    return hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:32]
