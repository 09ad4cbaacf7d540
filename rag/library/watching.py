"""A folder of exports, and what of it an index does not show yet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from rag.errors import InputError
from rag.language.sane import sane
from rag.library.ingest import Ingestor, Progress
from rag.library.report import IngestReport

_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".swp", "~")
"""Endings of files that a program is still writing."""


class State(NamedTuple):
    """What changes where a file does: its time in nanoseconds, its size in bytes, its place."""

    changed: int
    size: int
    place: int


@dataclass(slots=True)
class Watch:
    """Keeps an index in step with a folder and the folders in it.

    A file is read once it is the same at two looks, so that none is read half written. What is in
    the index from a file that is gone, or was taken out of a file, goes too, unless another file
    tells of it.
    """

    folder: Path
    ingestor: Ingestor
    but: Path
    page_year: int | None = None
    seen: dict[Path, State] = field(default_factory=dict)
    read: dict[Path, State] = field(default_factory=dict)

    def look(self, *, progress: Progress | None = None) -> Iterator[IngestReport]:
        """Bring the index into step with the folder as it is now; a report for what was done.

        Raises:
            InputError: the folder is not there.
            IndexError_: as `Ingestor.run`.
        """
        now = dict(states(self.folder, but=self.but))
        steady = {path: state for path, state in now.items() if self.seen.get(path) == state}
        self.seen = now
        changed = [path for path, state in steady.items() if self.read.get(path) != state]
        if changed:
            yield self._read(changed, steady, progress=progress)
        if gone := [path for path in self.read if path not in now]:
            for path in gone:
                del self.read[path]
            yield self.ingestor.forget(_sources(gone))

    def gone_before(self, sources: Iterable[str]) -> list[str]:
        """Sources of an index that were files of the folder and are no more."""
        here = str(_absolute(self.folder)) + os.sep
        return [
            one
            for one in sources
            if one.startswith(sane(here)) and not os.path.exists(one)  # noqa: PTH110 (never raises)
        ]

    def _read(
        self, changed: list[Path], steady: Mapping[Path, State], *, progress: Progress | None
    ) -> IngestReport:
        report = self.ingestor.run(changed, page_year=self.page_year, progress=progress)
        self.read |= {path: steady[path] for path in changed}
        # What could not be read says nothing of what is no more in it.
        whole = [path for path in changed if not _failed(path, report.failures)]
        forgotten = self.ingestor.forget(_sources(whole), but=report.told)
        return _both(report, forgotten)


def states(folder: Path, *, but: Path) -> Iterator[tuple[Path, State]]:
    """The files of a folder and of those in it, by name; hidden and unfinished ones are none.

    Args:
        folder: the folder.
        but: a folder in it that is left out: the index.

    Raises:
        InputError: the folder is not there.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder: --watch wants one with exports in it")
    left_out = but.resolve()
    for place, folders, names in os.walk(_absolute(folder)):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and (Path(place) / name).resolve() != left_out
        )
        for name in sorted(names):
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            path = Path(place) / name
            try:
                found = path.stat()
            except OSError:  # it went meanwhile
                continue
            yield path, State(found.st_mtime_ns, found.st_size, found.st_ino)


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (as the readers name a file)


def _sources(paths: Iterable[Path]) -> frozenset[str]:
    return frozenset(sane(str(path)) for path in paths)


def _failed(path: Path, failures: Iterable[str]) -> bool:
    return any(failure.startswith(str(path)) for failure in failures)


def _both(report: IngestReport, forgotten: IngestReport) -> IngestReport:
    """The report of what was read, with what was forgotten after it."""
    return replace(
        report,
        papers=forgotten.papers,
        removed=forgotten.removed,
        updated=report.updated + forgotten.updated,
        seconds=report.seconds + forgotten.seconds,
    )
