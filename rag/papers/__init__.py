"""Papers from the files that people have: one reader a format, recognised by content.

for item in read(Path("page.txt"), page_year=2025):   # Paper or Rejected
    ...
"""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from rag.errors import InputError, UsageError
from rag.language.sane import sane
from rag.papers.catalogue import Added, Catalogue, Merged
from rag.papers.merge import merge, same_paper
from rag.papers.readers import FORMATS, records
from rag.papers.rejected import Rejected, excerpt
from rag.papers.remarks import Remarks, Repair
from rag.papers.streams import WAY, check_whole, feed_of, open_path
from rag.papers.text.plain import paper_key, title_id
from rag.papers.values.dates import PageYear, page_year_of
from rag.types import Paper

_REASONS = 1000  # kinds of rejections that are counted
MOST_REJECTED = 100_000
"""Records of a file that may be of no use before it is given up, and a hundred more a paper."""

__all__ = [
    "FORMATS",
    "Added",
    "Catalogue",
    "Merged",
    "PageYear",
    "Rejected",
    "Repair",
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
    on_note: Callable[[str], None] | None = None,
    on_repair: Callable[[Repair], None] | None = None,
) -> Iterator[Paper | Rejected]:
    """Read the papers of a file, one at a time; it may be packed with gzip or xz.

    Args:
        path: the file; None reads `stream`, which is called `name` in messages.
        format: "auto", or one of `FORMATS`.
        page_year: the year of a page's dates without one. Unknown, it is the file's.
        stream: bytes to read where there is no path.
        name: what to call the stream.
        on_year: told the year that a page's dates without one were given, and its origin.
        on_note: told at the end what was mended or left out of the records, a line a kind, and
            why a file gave no paper at all.
        on_repair: told what was mended or left out, too, for whoever counts.

    Yields:
        A `Paper` for each good record, `Rejected` for each other. `Paper.source` is the file's
        absolute path, so that one file is one source from wherever it is named.

    Raises:
        UsageError: an unknown format, or a year that is none; before anything is read.
        InputError: the file as a whole cannot be read, or not to its end; in that case after
            the records before the damage. Of a packed file that is damaged nothing is read.
    """
    if format not in ("auto", *FORMATS):
        near = difflib.get_close_matches(format, FORMATS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"take one of {', '.join(FORMATS)}"
        raise UsageError(f"--format {format!r} is unknown: {hint}")
    if page_year is not None:
        page_year_of(page_year, modified=None, page_day=None)
    if path is None and stream is None:
        raise UsageError("nothing to read: give a path or a stream")
    return _noted(
        path,
        stream,
        format=format,
        page_year=page_year,
        name=name,
        on_year=on_year,
        on_note=on_note or _silent,
        on_repair=on_repair or _silent,
    )


def _silent(said: object) -> None:
    """What nobody asked for."""


def _noted(
    path: Path | None,
    stream: BinaryIO | None,
    *,
    format: str,
    page_year: int | None,
    name: str,
    on_year: Callable[[PageYear], None] | None,
    on_note: Callable[[str], None],
    on_repair: Callable[[Repair], None],
) -> Iterator[Paper | Rejected]:
    """The records of a file, opened and closed; what was done to them is told at the end."""
    modified = None
    with ExitStack() as open_things:
        if path is not None:
            name = str(path)
            stream = open_things.enter_context(open_path(path))
            modified = date.fromtimestamp(os.fstat(stream.fileno()).st_mtime)
        assert stream is not None
        source = sane(os.path.abspath(path)) if path is not None else name  # noqa: PTH100 (resolves "..")
        feed = feed_of(stream, name=name, open_things=open_things)
        year = {"page_year": page_year, "modified": modified, "on_year": on_year}
        found = records(feed, format=format, name=name, source=source, year=year)
        try:
            yield from _sensible(found, feed.remarks, name=name, on_note=on_note)
        finally:
            for repair in feed.remarks.told(name):
                on_note(str(repair))
                on_repair(repair)
        check_whole(feed, name=name)


def _sensible(
    records: Iterator[Paper | Rejected],
    remarks: Remarks,
    *,
    name: str,
    on_note: Callable[[str], None],
) -> Iterator[Paper | Rejected]:
    """The records without dates to come, and no more than can be of use.

    Raises:
        InputError: nothing in the file is a record, or nearly nothing a paper.
    """
    latest = date.today().year + 1
    papers = rejected = 0
    reasons: Counter[str] = Counter()
    for record in records:
        if isinstance(record, Rejected):
            rejected += 1
            if len(reasons) < _REASONS:
                reasons[record.reason] += 1
            if rejected > MOST_REJECTED + 100 * papers:
                raise InputError(
                    f"{name}: given up at line {record.line:,}: of {papers + rejected:,} records "
                    f"{papers:,} can be used. Is it another format? Say --format, or split the file"
                )
        else:
            papers += 1
            if record.date and int(record.date[:4]) > latest:
                remarks.add(
                    f"a date after {latest} was left out", where=repr(excerpt(record.title))
                )
                record = replace(record, date=None)
        yield record
    if not papers and not rejected:
        raise InputError(f"{name}: no record of a paper is in it: is it the file that you mean?")
    if not papers:
        reason = reasons.most_common(1)[0][0]
        way = f": Google Scholar exports none; {WAY}" if reason == "no abstract" else ""
        on_note(f"{name}: none of its {rejected:,} records can be used, first of all {reason}{way}")
