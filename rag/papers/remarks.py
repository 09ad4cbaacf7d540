"""What a reader mended or left out of the records it kept: told once a kind, with how often."""

from __future__ import annotations

from collections.abc import Iterator


class Remarks:
    """Remarks on one file. They take no more room for a million records than for one."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def add(self, what: str, *, where: str) -> None:
        """Note that `what` befell the record at `where` ("line 7")."""
        self._first.setdefault(what, where)
        self._counts[what] = self._counts.get(what, 0) + 1

    def told(self, name: str) -> Iterator[str]:
        """A line a kind, for the report on the file of that name."""
        for what, count in self._counts.items():
            often = "once" if count == 1 else f"{count:,} times, first"
            yield f"{name}: {what} ({often} at {self._first[what]})"
