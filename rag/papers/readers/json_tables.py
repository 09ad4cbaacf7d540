"""Tables in JSON as pandas writes them: a column, a row or the header at a time.

`DataFrame.to_json()` gives {"title": {"0": "..."}, "abstract": {"0": "..."}}, with orient="index"
{"0": {"title": "..."}}, with orient="split" {"columns": [...], "data": [[...]]}. What belongs
together stands far apart, so such a file is held in memory, and bounded.
Source: https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.to_json.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rag.errors import InputError

LONGEST = 64 * 2**20
"""Characters of a file that is held: some 40,000 papers."""

_KEY = r'"(?:[^"\\]|\\.){0,200}"'
_TABLE = re.compile(
    rf'\s*\{{\s*(?:{_KEY}\s*:\s*\{{\s*"\d+"\s*:\s*(?!\{{)|"\d+"\s*:\s*\{{|"columns"\s*:\s*\[)'
)
_WAY = 'write it with to_json(PATH, orient="records", lines=True)'


def is_table(text: str) -> bool:
    """Whether JSON begins as a table of pandas does."""
    return _TABLE.match(text.lstrip("\ufeff")) is not None


def rows(texts: Iterable[str], *, name: str) -> Iterator[dict[str, Any]]:
    """The rows of a table, each by the names of its columns; cells without a value are left out.

    Raises:
        InputError: it is too long, or no such table to its end.
    """
    parts: list[str] = []
    size = 0
    for text in texts:
        parts.append(text)
        size += len(text)
        if size > LONGEST:
            raise InputError(f"{name}: a table in JSON of more than {LONGEST:,} characters: {_WAY}")
    try:
        table = json.loads("".join(parts).lstrip("\ufeff"), strict=False)
        yield from _rows(table)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{name}: a table in JSON that cannot be read ({error}): {_WAY}"
        ) from error


def _rows(table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if isinstance(columns := table.get("columns"), list):
        for cells in table["data"]:
            yield _row(zip(map(str, columns), cells, strict=True))
    elif next(iter(table)).isdecimal():
        for cells in table.values():
            yield _row(cells.items())
    else:
        labels = dict.fromkeys(label for column in table.values() for label in column)
        for label in labels:
            yield _row((name, column.get(label)) for name, column in table.items())


def _row(cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in cells if value is not None}
