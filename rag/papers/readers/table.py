"""Records in CSV and other tables, under a header that names the columns."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from rag.errors import InputError
from rag.papers.aliases import ALIASES, fields_named, squashed
from rag.papers.readers.made import made, with_universal_id
from rag.papers.rejected import Rejected, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import MAX_LINE, WAY, Line
from rag.types import Paper

DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\"?sep=(.)\"?", re.IGNORECASE)  # Excel's own first line
_OWN_IDS = frozenset({"paperid", "id", "docid", "corduid"})  # columns where a file names its papers
_PREAMBLE = 20
"""Lines looked at for a header: some services write who exported what before it."""
FORMULA = frozenset("=+-@\u2212")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
_LONGEST_NAME = 100  # characters of a column's name


def read_csv(
    lines: Iterable[Line], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper a row; the first row that names columns is the header, what is before it goes.

    A row that does not fit the columns is rejected: its texts would stand under other names, or be
    cut. So is, after a row with a broken quote, what has another number of cells than the header.

    Raises:
        InputError: no column is a title, or none an abstract.
    """
    text = _Text(lines)
    found = table_at(text.ahead(_PREAMBLE)) or Table(0, ",")
    text.skip(found.line)
    header: list[str] | None = None
    broken = False
    for begins, row in _rows(text, found.delimiter, name=name):
        trouble = text.problems()
        if isinstance(row, Rejected):
            broken = True
            yield row
        elif trouble:
            yield Rejected(name, trouble[0].number, trouble[0].problem, excerpt(trouble[0].text))
        elif header is None:
            header = _checked_header(row, name, begins) if any(row) else None
        elif any(value.strip() for value in row):
            if problem := _misfit(row, header, exactly=broken):
                yield Rejected(name, begins, problem, excerpt(" ".join(row)))
                continue
            broken = False
            record = dict(zip(header, map(unmarked, row), strict=False))
            shown = " ".join(row)
            if _OWN_IDS.isdisjoint(squashed(record)):
                record = with_universal_id(record)
            yield made(record, name=name, source=source, line=begins, remarks=remarks, shown=shown)


class Table(NamedTuple):
    """Where a table begins: the lines before its header, and what is between its cells."""

    line: int
    delimiter: str


def table_at(lines: Sequence[str]) -> Table | None:
    """Where the header of a table of papers is, None if no line is one.

    It names a title or an id and an abstract, or else three fields of a paper: a table without
    abstracts is one as well, and can be told so.
    """
    said = None
    for number, line in enumerate(lines[:_PREAMBLE]):
        if found := _SEPARATOR.fullmatch(line.strip("\ufeff\r\n ")):
            said = found[1]
            continue
        for delimiter in (said,) if said else DELIMITERS:
            known = _known_columns(line, delimiter)
            if "abstract" in known and known & {"title", "paper_id"}:
                return Table(number, delimiter)
            if {"title", "authors", "date"} <= known and number == 0:
                return Table(number, delimiter)
    return None


def _known_columns(line: str, delimiter: str) -> set[str]:
    try:
        row = next(csv.reader([line.strip("\ufeff\r\n")], delimiter=delimiter), [])
    except csv.Error:  # a bare carriage return, a field of 131,073 characters: no header
        return set()
    if len(row) < 2 or max(map(len, row)) > _LONGEST_NAME:
        return set()
    return fields_named(squashed(dict.fromkeys(row)))


class _Text:
    """Text for the csv module, a line an item; bad lines are noted and left blank."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._problems: list[Line] = []
        self._ahead: deque[Line] = deque()
        self.number = 0
        self.row_size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self.number = line.number
        self.row_size += len(line.text)
        if self.row_size > MAX_LINE:
            raise csv.Error(f"a row of more than {MAX_LINE:,} characters")
        if line.problem:
            self._problems.append(line)
        return "\n" if line.problem else line.text + "\n"

    def ahead(self, count: int) -> list[str]:
        """The next lines, which stay to be read."""
        self._ahead.extend(islice(self._lines, count))
        return [line.text for line in self._ahead]

    def skip(self, count: int) -> None:
        """Leave out lines that were looked at."""
        for _ in range(count):
            self.number = self._ahead.popleft().number

    def problems(self) -> list[Line]:
        """The bad lines since this was last asked."""
        found, self._problems = self._problems, []
        return found


def _rows(text: _Text, delimiter: str, *, name: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Rows with the line that each begins on. The csv module's limit on a field bounds memory."""
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    begins = text.number + 1
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


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet computes a cell; full-width signs count as their plain ones."""
    return unicodedata.normalize("NFKC", cell.lstrip()[:1]) in FORMULA


def unmarked(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from computing it."""
    return cell[1:] if cell.startswith("'") and is_formula(cell.lstrip("'")) else cell


def _misfit(row: list[str], header: list[str], *, exactly: bool) -> str:
    """Why a row does not fit the header; "" where it does."""
    if any(cell.strip() for cell in row[len(header) :]) or (exactly and len(row) != len(header)):
        return (
            f"{len(row)} cells under a header of {len(header)}: a text with a delimiter or a quote "
            "in it has to stand in quotes"
        )
    return ""


def _checked_header(row: list[str], name: str, line: int) -> list[str]:
    names = squashed(dict.fromkeys(row))
    for field in ("abstract", "title"):
        if not any(alias in names for alias in ALIASES[field]):
            pubmed = "journalbook" in names and "PubMed's CSV has no abstracts. "
            raise InputError(
                f"{name}, line {line}: no column for the {field}: name one of the columns "
                f"{', '.join(repr(column) for column in row[:12])} {field!r}, or export with "
                f"abstracts ({pubmed or ''}{WAY})"
            )
    return row
