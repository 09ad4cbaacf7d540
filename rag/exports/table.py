"""A table: a row a paper, under the names of its fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from rag.exports.values import COLUMNS, flat
from rag.language.sane import visible
from rag.papers.readers import is_formula, unmarked
from rag.types import Paper


def to_table(papers: Iterable[Paper]) -> Iterator[str]:
    """The header, then a row a paper."""
    yield row(COLUMNS)
    for paper in papers:
        yield row(flat(paper).values())


def row(values: Iterable[object]) -> str:
    """A row of cells that no spreadsheet computes."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(value) for value in values])
    return line.getvalue()


def _cell(value: object) -> str:
    """A cell as text: an apostrophe keeps a spreadsheet from computing it, and is none of it."""
    words = "" if value is None else visible(str(value))
    computed = is_formula(words) or unmarked(words) != words
    return "'" + words if isinstance(value, str) and computed else words
