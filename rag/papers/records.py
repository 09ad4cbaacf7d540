"""Records with named fields: JSON lines (also arXiv's and BEIR's), and CSV with a header."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rag.errors import InputError
from rag.papers.arxiv import is_arxiv, paper_from_arxiv
from rag.papers.beir import is_beir, paper_from_beir
from rag.papers.fields import ALIASES, paper_from, squashed
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.streams import Line
from rag.types import Paper

DELIMITERS = ",;\t|"
_MADE_BY: Mapping[str, Callable[..., Paper]] = {
    "jsonl": paper_from,
    "arxiv": paper_from_arxiv,
    "beir": paper_from_beir,
}


def json_kind(record: Mapping[str, Any]) -> str:
    """Which of our JSON line formats a record has: "arxiv", "beir" or, plain, "jsonl"."""
    if is_arxiv(record):
        return "arxiv"
    return "beir" if is_beir(record) else "jsonl"


def read_json_lines(
    lines: Iterable[Line], *, name: str, source: str, kind: str | None = None
) -> Iterator[Paper | Rejected]:
    """One paper a line. `kind`: "jsonl", "arxiv" or "beir"; None decides for each record."""
    for line in lines:
        if line.problem:
            yield Rejected(name, line.number, line.problem, excerpt(line.text))
            continue
        if not line.text.strip():
            continue
        try:
            record = _json_object(line.text)
            yield _MADE_BY[kind or json_kind(record)](record, source=source)
        except UnusableRecordError as error:
            yield Rejected(name, line.number, str(error), excerpt(line.text))


def read_csv(lines: Iterable[Line], *, name: str, source: str) -> Iterator[Paper | Rejected]:
    """One paper a row; the first row names the columns.

    Raises:
        InputError: no column is a title, or none an abstract.
    """
    problems: dict[int, Line] = {}
    header: list[str] | None = None
    for begins, row in _rows(_csv_text(lines, problems), name=name):
        trouble = [problems.pop(number) for number in sorted(problems)]
        if isinstance(row, Rejected):
            yield row
        elif trouble:
            yield Rejected(name, trouble[0].number, trouble[0].problem, excerpt(trouble[0].text))
        elif header is None:
            header = _checked_header(row, name) if any(row) else None
        elif any(value.strip() for value in row):
            try:
                yield paper_from(dict(zip(header, row, strict=False)), source=source)
            except UnusableRecordError as error:
                yield Rejected(name, begins, str(error), excerpt(" ".join(row)))


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


def _json_object(text: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnusableRecordError(f"not JSON ({error.msg} at character {error.pos + 1})") from error
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits; 100,000 brackets
        raise UnusableRecordError(f"JSON that cannot be read ({error})") from error
    if not isinstance(record, dict):
        raise UnusableRecordError("not a JSON object")
    return record


def _csv_text(lines: Iterable[Line], problems: dict[int, Line]) -> Iterator[str]:
    """Text for the csv module, one item a line; bad lines are noted and left blank."""
    for line in lines:
        if line.problem:
            problems[line.number] = line
        yield "\n" if line.problem else line.text + "\n"


def _rows(text: Iterator[str], *, name: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Rows with the line that each begins on. The csv module's limit on a field bounds memory."""
    first = next(text, "")
    reader = csv.reader(_chain(first, text), delimiter=csv_delimiter(first) or ",")
    while True:
        begins = reader.line_num + 1
        try:
            yield begins, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"not CSV ({error}): is a quote left open?"
            yield begins, Rejected(name, begins, reason)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _checked_header(row: list[str], name: str) -> list[str]:
    names = squashed(dict.fromkeys(row))
    for field in ("abstract", "title"):
        if not any(alias in names for alias in ALIASES[field]):
            raise InputError(
                f"{name}, line 1: no column for the {field}: name one of the columns "
                f"{', '.join(repr(column) for column in row[:12])} {field!r}"
            )
    return row
