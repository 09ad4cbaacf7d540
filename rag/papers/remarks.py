"""What a reader mended or left out of the records it kept: told once a kind, with how often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """What was mended or left out in the records of a file, how often, and where first."""

    path: str
    what: str
    count: int
    first: str

    def __str__(self) -> str:
        often = "once" if self.count == 1 else f"{self.count:,} times, first"
        return f"{self.path}: {self.what} ({often} at {self.first})"


class Remarks:
    """Remarks on one file. They take no more room for a million records than for one."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def add(self, what: str, *, where: str) -> None:
        """Note that `what` befell the record at `where` ("line 7")."""
        self._first.setdefault(what, where)
        self._counts[what] = self._counts.get(what, 0) + 1

    def told(self, name: str) -> Iterator[Repair]:
        """One a kind, for the report on the file of that name."""
        for what, count in self._counts.items():
            yield Repair(name, what, count, self._first[what])
