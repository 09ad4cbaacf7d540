"""What goes into an ingest and what does not: the records of several files, the rejected ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO, TextIO

from rag.errors import InputError
from rag.papers import PageYear, Rejected, Repair, read
from rag.types import Paper

MOST_LISTED = 10_000
"""Rejected records that a report lists: some two megabytes."""


@dataclass(frozen=True, slots=True)
class Named:
    """Files that hold what was fetched from a source: papers are known by its name."""

    name: str
    paths: tuple[Path, ...]


class Files:
    """The records of several files, one after the other.

    `notes` says what was assumed, `repairs` what was mended and `failures` which files could not be
    read (to their end); they grow while the records are read.
    """

    def __init__(
        self,
        paths: Sequence[str | Path | Named],
        *,
        format: str,
        page_year: int | None,
        stdin: BinaryIO | None,
    ) -> None:
        """Check the arguments; nothing is read yet.

        Raises:
            UsageError: an unknown format, an impossible year, "-" without `stdin`.
        """
        self.notes: list[str] = []
        self.repairs: list[Repair] = []
        self.failures: list[str] = []
        self._readers = [
            self._fetched(path)
            if isinstance(path, Named)
            else read(
                None if str(path) == "-" else Path(path),
                format=format,
                page_year=page_year,
                stream=stdin,
                on_year=self._note_year(str(path)),
                on_note=self.notes.append,
                on_repair=self.repairs.append,
            )
            for path in paths
        ]

    def __iter__(self) -> Iterator[Iterator[Paper | Rejected]]:
        """The records of each file, in order; a file that fails just ends."""
        for reader in self._readers:
            yield self._records(reader)

    def _records(self, reader: Iterator[Paper | Rejected]) -> Iterator[Paper | Rejected]:
        try:
            yield from reader
        except InputError as error:
            self.failures.append(str(error))

    def _fetched(self, named: Named) -> Iterator[Paper | Rejected]:
        """The records of all files of a source; what was mended in them is told once a kind."""
        repairs: dict[str, Repair] = {}
        notes: list[str] = []

        def mended(repair: Repair) -> None:
            before = repairs.get(repair.what)
            count = repair.count + (before.count if before else 0)
            repairs[repair.what] = replace(before or repair, count=count)
            notes.remove(str(repair))

        for path in named.paths:
            try:
                with path.open("rb") as stream:
                    yield from read(
                        None, stream=stream, name=named.name, on_note=notes.append, on_repair=mended
                    )
            except OSError as error:
                self.failures.append(f"{named.name}: {error.strerror}: fetch it again")
            except InputError as error:
                self.failures.append(str(error))
        self.repairs.extend(repairs.values())
        self.notes.extend([*dict.fromkeys(notes), *map(str, repairs.values())])

    def _note_year(self, path: str) -> Callable[[PageYear], None]:
        def note(year: PageYear) -> None:
            self.notes.append(f"{path}: dates without a year are {year.year} ({year.origin})")

        return note


class Rejects:
    """The report of rejected records: replaces the last ingest's when this one is through.

    It lists the first ones and counts the others, so that no file can fill the disk with it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._partial = path.with_name(path.name + ".partial")
        self._lines: TextIO | None = None
        self._count = 0

    def add(self, rejected: Rejected) -> None:
        """Write one down, or count it."""
        self._count += 1
        if self._count <= MOST_LISTED:
            self._write(rejected)

    def _write(self, rejected: Rejected) -> None:
        if self._lines is None:
            self._lines = self._partial.open("w", encoding="utf-8")
        self._lines.write(json.dumps(asdict(rejected)) + "\n")

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if self._lines is not None:
            if self._count > MOST_LISTED:
                more = f"{self._count - MOST_LISTED:,} more records were rejected"
                self._write(Rejected("", 0, f"{more} and are not listed"))
            self._lines.close()
            if kind is None:
                self._partial.replace(self.path)
            else:
                self._partial.unlink()
        elif kind is None:
            self.path.unlink(missing_ok=True)
