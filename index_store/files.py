"""The files of a generation as readers hold them: checked when opened, watched while read.

What is small is read whole and compared with its sum when an index is opened, so that damage is
met there. What is large is mapped: its size is compared then, its sum when it is copied into the
next generation and by the doctor. A mapped file that another program cuts short would end this
process with SIGBUS, so its size is looked at before each use.
"""

from __future__ import annotations

import hashlib
import io
import json
import mmap
import os
from collections.abc import Callable, Collection
from pathlib import Path
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

import numpy as np

from index_store.errors import StoreDamagedError, StoreError
from index_store.manifest import FileSum, Manifest, generation_folders, read_manifest

SMALL = 1 << 20
"""Bytes up to which a file is read whole: all of 14 are read and summed within 20 ms."""

UNREADABLE = (OSError, ValueError, LookupError, EOFError, TypeError)
"""What numpy, json and bm25s raise on files that were cut short or overwritten."""

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class Files:
    """The files of one generation, or some of them, open for reading."""

    def __init__(
        self, directory: Path, manifest: Manifest, *, names: Collection[str] | None = None
    ) -> None:
        """Compare the size of every file, and the sum of the small ones.

        Raises:
            OSError: a file is missing or cannot be read.
            ValueError: a file is not as it was written.
        """
        self.folder = directory / manifest.folder
        self._sums = manifest.files
        self._maps: list[mmap.mmap] = []
        for name, total in manifest.files.items():
            if names is not None and name not in names:
                continue
            size = (self.folder / name).stat().st_size
            if size != total.size:
                raise ValueError(f"{name} has {size} bytes, {total.size} were written")
            if size <= SMALL and file_sum(self.folder / name) != total:
                raise ValueError(f"{name} is not as it was written")
        self._directory = directory
        self._call = _named_call(directory)

    def __contains__(self, name: str) -> bool:
        return name in self._sums

    def content(self, name: str) -> mmap.mmap | bytes:
        """The bytes of a file, read whole when it is small."""
        path = self.folder / name
        with path.open("rb") as file:
            if path.stat().st_size <= SMALL:
                return file.read()
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._maps.append(mapped)
        return mapped

    def ids(self) -> list[str]:
        """The ids of the documents, in order."""
        found: list[str] = json.loads(bytes(self.content("ids.json")))
        return found

    def array(self, name: str, kind: Any = None) -> Any:
        """The array of a .npy file, read-only; `kind` is the dtype that it must have."""
        content = self.content(name)
        # The header of a mapped file is far below its first page; the view maps the rest.
        header = io.BytesIO(content[:4096])
        version = np.lib.format.read_magic(header)
        if version != (1, 0):
            raise ValueError(f"{name} has version {version} of the format, (1, 0) was written")
        shape, by_column, found = np.lib.format.read_array_header_1_0(header)
        if by_column or found.hasobject or (kind is not None and found != kind):
            raise ValueError(f"{name} is not an array that was written here")
        count = int(np.prod(shape, dtype=np.int64))
        if count == 0:  # nothing to look at from there on
            return np.zeros(shape, dtype=found)
        return np.frombuffer(content, dtype=found, count=count, offset=header.tell()).reshape(shape)

    def read(
        self,
        what: Callable[_Arguments, _Result],
        *arguments: _Arguments.args,
        **options: _Arguments.kwargs,
    ) -> _Result:
        """Call something that reads mapped files, once they are seen to have their length.

        Raises:
            StoreDamagedError: another program has cut one short.
        """
        for mapped in self._maps:
            if mapped.size() != len(mapped):
                raise StoreDamagedError(
                    f"another program changed a file of the index in {self._directory} while it "
                    f"was open ({mapped.size()} bytes, {len(mapped)} were written): run "
                    "`quoth doctor --repair`, then start again"
                )
        result: _Result = self._call(what, arguments, options)
        return result


def file_sum(path: Path, *, sync: bool = False) -> FileSum:
    """Size and sha256 of a file; with `sync`, made durable first."""
    if sync:
        with path.open("r+b") as file:
            os.fsync(file.fileno())
    with path.open("rb") as file:
        return FileSum(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def damaged_files(directory: Path, manifest: Manifest) -> list[str]:
    """Files of a generation that are missing or not as they were written; reads all of them."""
    folder = directory / manifest.folder
    return [
        name
        for name, total in manifest.files.items()
        if not (folder / name).is_file() or file_sum(folder / name) != total
    ]


def newest_sound(directory: Path, *, above: int = -1, below: int | None = None) -> Manifest | None:
    """The newest generation between two numbers that is as it was written, by its own manifest."""
    for number, folder in reversed(generation_folders(directory)):
        if number <= above or (below is not None and number >= below):
            continue
        try:
            manifest = read_manifest(folder)
        except StoreError:
            continue
        if manifest.generation == number and not damaged_files(directory, manifest):
            return manifest
    return None


def _named_call(directory: Path) -> Callable[..., Any]:
    """Something to call through, whose frame has the name of the index for a file.

    A file may still be cut short while it is read. Nothing survives that, but the stack that
    `faulthandler` leaves then says which index it was.
    """

    def call(what: Callable[..., Any], arguments: Any, options: Any) -> Any:
        return what(*arguments, **options)

    name = f"the index in {directory}, a file of which was cut short by another program?"
    return FunctionType(call.__code__.replace(co_filename=name), {})
