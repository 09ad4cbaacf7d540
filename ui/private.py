"""Files that are one person's business: 0600, in folders that are 0700."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

PRIVATE = "private"
"""The folder of an index folder that holds what people have said; the index may be shared."""


def private_folder(path: Path) -> Path:
    """The folder, made when it is not there, and nobody else's from now on."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)
    return path


def private_file(path: Path) -> Path:
    """The file in its private folder, made empty when it is not there; nobody else reads it."""
    private_folder(path.parent)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a private file whole or not at all."""
    partial = private_file(path.with_name(path.name + ".partial"))
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def copy_private(source: Path, path: Path) -> None:
    """Copy a file to a private one, whole or not at all."""
    partial = private_file(path.with_name(path.name + ".partial"))
    shutil.copyfile(source, partial)
    partial.replace(path)


def private_place(folder: Path, name: str) -> Path:
    """Where an index folder keeps a private file, which lay in the folder itself before.

    SQLite's own files beside a database are moved with it, or what they hold would be lost.
    """
    place = folder / PRIVATE / name
    if (folder / name).is_file() and not place.exists():
        private_folder(place.parent)
        for ending in ("-wal", "-shm", ""):  # the file itself last: a kill leaves nothing behind
            old, new = folder / (name + ending), place.with_name(name + ending)
            if old.is_file():
                old.chmod(0o600)
                old.replace(new)
    return place
