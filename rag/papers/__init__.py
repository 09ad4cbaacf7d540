"""Papers from the files that people have: one reader a format, recognised by content.

for item in read(Path("page.txt"), page_year=2025):   # Paper or Rejected
    ...
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from rag.errors import UsageError
from rag.papers.bibtex import read_bibtex
from rag.papers.catalogue import Added, Catalogue
from rag.papers.dates import PageYear, page_year_of
from rag.papers.detect import FORMATS, detect
from rag.papers.merge import merge, same_paper
from rag.papers.page import read_page
from rag.papers.records import read_csv, read_json_lines
from rag.papers.rejected import Rejected
from rag.papers.streams import HEAD, check_whole, feed_of, lines, open_path
from rag.papers.text import paper_key, title_id
from rag.types import Paper

__all__ = [
    "FORMATS",
    "Added",
    "Catalogue",
    "PageYear",
    "Rejected",
    "merge",
    "paper_key",
    "read",
    "same_paper",
    "title_id",
]


def read(
    path: Path | None,
    *,
    format: str = "auto",
    page_year: int | None = None,
    stream: BinaryIO | None = None,
    name: str = "-",
    on_year: Callable[[PageYear], None] | None = None,
) -> Iterator[Paper | Rejected]:
    """Read the papers of a file, one at a time; it may be packed with gzip or xz.

    Args:
        path: the file; None reads `stream`, which is called `name` in messages.
        format: "auto", or one of `FORMATS`.
        page_year: the year of a page's dates without one. Unknown, it is the file's.
        stream: bytes to read where there is no path.
        name: what to call the stream.
        on_year: told the year that a page's dates without one were given, and its origin.

    Yields:
        A `Paper` for each good record, `Rejected` for each other. `Paper.source` is the file's
        absolute path, so that one file is one source from wherever it is named.

    Raises:
        UsageError: an unknown format, or a year that is none; before anything is read.
        InputError: the file as a whole cannot be read, or not to its end; in that case after
            the records before the damage.
    """
    if format not in ("auto", *FORMATS):
        near = difflib.get_close_matches(format, FORMATS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"take one of {', '.join(FORMATS)}"
        raise UsageError(f"--format {format!r} is unknown: {hint}")
    if page_year is not None:
        page_year_of(page_year, modified=None, page_day=None)
    if path is None and stream is None:
        raise UsageError("nothing to read: give a path or a stream")
    return _read(path, stream, format=format, page_year=page_year, name=name, on_year=on_year)


def _read(
    path: Path | None,
    stream: BinaryIO | None,
    *,
    format: str,
    page_year: int | None,
    name: str,
    on_year: Callable[[PageYear], None] | None,
) -> Iterator[Paper | Rejected]:
    opened = open_path(path) if path is not None else stream
    assert opened is not None
    name = str(path) if path is not None else name
    source = os.path.abspath(path) if path is not None else name  # noqa: PTH100 (resolves "..")
    try:
        feed = feed_of(opened, name=name)
        kind = detect(feed.head(HEAD), name=name) if format == "auto" else format
        numbered = lines(feed)
        if kind == "page":
            modified = None
            if path is not None:
                modified = date.fromtimestamp(os.fstat(opened.fileno()).st_mtime)
            yield from read_page(
                numbered,
                name=name,
                source=source,
                page_year=page_year,
                modified=modified,
                on_year=on_year,
            )
        elif kind == "csv":
            yield from read_csv(numbered, name=name, source=source)
        elif kind == "bibtex":
            yield from read_bibtex(numbered, name=name, source=source)
        else:
            # Recognised, each record is taken for what it is; named, for what the user says.
            forced = None if format == "auto" else kind
            yield from read_json_lines(numbered, name=name, source=source, kind=forced)
        check_whole(feed, name=name)
    finally:
        if path is not None:
            opened.close()
