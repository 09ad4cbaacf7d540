"""Records in CSV, under a header that names the columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from rag.errors import InputError
from rag.papers.fields import ALIASES, paper_from, remarks_on, squashed
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import MAX_LINE, Line
from rag.types import Paper

DELIMITERS = ",;\t|"


def read_csv(
    lines: Iterable[Line], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper a row; the first row names the columns.

    A row that does not fit them is rejected: its texts would stand under other names, or be cut.
    So is, after a row with a broken quote, what has another number of cells than the header.

    Raises:
        InputError: no column is a title, or none an abstract.
    """
    text = _Text(lines)
    header: list[str] | None = None
    broken = False
    for begins, row in _rows(text, name=name):
        trouble = text.problems()
        if isinstance(row, Rejected):
            broken = True
            yield row
        elif trouble:
            yield Rejected(name, trouble[0].number, trouble[0].problem, excerpt(trouble[0].text))
        elif header is None:
            header = _checked_header(row, name) if any(row) else None
        elif any(value.strip() for value in row):
            try:
                _require_fit(row, header, exactly=broken)
                broken = False
                record = dict(zip(header, row, strict=False))
                paper = paper_from(record, source=source)
            except UnusableRecordError as error:
                yield Rejected(name, begins, str(error), excerpt(" ".join(row)))
                continue
            for what in remarks_on(record):
                remarks.add(what, where=f"line {begins}")
            yield paper


def csv_delimiter(first_line: str) -> str | None:
    """The delimiter under which a line names an abstract and a second field, None if none does."""
    for delimiter in DELIMITERS:
        try:
            row = next(csv.reader([first_line], delimiter=delimiter), [])
        except csv.Error:  # a bare carriage return, a field of 131,073 characters: no header
            continue
        names = squashed(dict.fromkeys(row))
        known = [field for field, aliases in ALIASES.items() if any(a in names for a in aliases)]
        if "abstract" in known and ("title" in known or "paper_id" in known):
            return delimiter
    return None


class _Text:
    """Text for the csv module, a line an item; bad lines are noted and left blank."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._problems: list[Line] = []
        self._ahead: str | None = None
        self.number = 0
        self.row_size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._ahead is not None:
            first, self._ahead = self._ahead, None
            return first
        line = next(self._lines)
        self.number = line.number
        self.row_size += len(line.text)
        if self.row_size > MAX_LINE:
            raise csv.Error(f"a row of more than {MAX_LINE:,} characters")
        if line.problem:
            self._problems.append(line)
        return "\n" if line.problem else line.text + "\n"

    def first(self) -> str:
        """The first line, which stays to be read."""
        self._ahead = next(self, "")
        return self._ahead

    def problems(self) -> list[Line]:
        """The bad lines since this was last asked."""
        found, self._problems = self._problems, []
        return found


def _rows(text: _Text, *, name: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Rows with the line that each begins on. The csv module's limit on a field bounds memory."""
    reader = csv.reader(text, delimiter=csv_delimiter(text.first()) or ",", strict=True)
    begins = 1
    while True:
        text.row_size = 0
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            until = f"; lines {begins} to {text.number} are left out" * (text.number > begins)
            reason = f"not CSV ({error}): is a quote left open, or not doubled?{until}"
            yield begins, Rejected(name, begins, reason)
        begins = text.number + 1


def _require_fit(row: list[str], header: list[str], *, exactly: bool) -> None:
    if any(cell.strip() for cell in row[len(header) :]) or (exactly and len(row) != len(header)):
        raise UnusableRecordError(
            f"{len(row)} cells under a header of {len(header)}: a text with a delimiter or a quote "
            "in it has to stand in quotes"
        )


def _checked_header(row: list[str], name: str) -> list[str]:
    names = squashed(dict.fromkeys(row))
    for field in ("abstract", "title"):
        if not any(alias in names for alias in ALIASES[field]):
            raise InputError(
                f"{name}, line 1: no column for the {field}: name one of the columns "
                f"{', '.join(repr(column) for column in row[:12])} {field!r}"
            )
    return row
