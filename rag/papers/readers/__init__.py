"""One reader a format: each takes what is in a file and gives papers and rejections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.papers.readers.arxiv_listing import read_listing
from rag.papers.readers.bibtex import read_bibtex
from rag.papers.readers.detect import FORMATS, detect, is_envelope
from rag.papers.readers.dialects import DIALECTS
from rag.papers.readers.json_lines import read_json_lines, read_json_table, read_json_values
from rag.papers.readers.json_tables import is_table
from rag.papers.readers.json_values import Mode
from rag.papers.readers.markdown import FACTS, UNTITLED, read_markdown
from rag.papers.readers.page import read_page
from rag.papers.readers.table import is_formula, read_csv, unmarked
from rag.papers.readers.tagged import read_tagged
from rag.papers.readers.xml_records import read_xml
from rag.papers.rejected import Rejected
from rag.papers.streams import HEAD, Feed, lines, texts
from rag.types import Paper

__all__ = ["FACTS", "FORMATS", "UNTITLED", "is_formula", "records", "unmarked"]


def records(
    feed: Feed, *, format: str, name: str, source: str, year: dict[str, Any]
) -> Iterator[Paper | Rejected]:
    """The records of a feed, by the reader of its format.

    Args:
        feed: what the file holds, in UTF-8.
        format: one of `FORMATS`, or "auto" for what it begins like.
        name: what to call the file in messages.
        source: what `Paper.source` remembers.
        year: for pages, what `read_page` has to know of the year.

    Raises:
        InputError: it is in no known format, or damaged as a whole.
    """
    head = feed.head(HEAD)
    kind = detect(head, name=name) if format == "auto" else format
    told: dict[str, Any] = {"name": name, "source": source, "remarks": feed.remarks}
    if kind == "xml":
        return read_xml(texts(feed), **told)
    if kind == "json" and is_table(head.decode("utf-8", "replace")):
        return read_json_table(texts(feed), **told)
    if kind == "json":
        mode: Mode = "elements" if is_envelope(head) else "objects"
        return read_json_values(texts(feed), mode=mode, **told)
    numbered = lines(feed)
    if kind == "page":
        return read_page(numbered, name=name, source=source, **year)
    if kind in DIALECTS:
        return read_tagged(numbered, DIALECTS[kind], **told)
    if kind in _BY_LINES:
        return _BY_LINES[kind](numbered, **told)
    # Recognised, each record is taken for what it is; named, for what the user says.
    forced = None if format == "auto" else kind
    return read_json_lines(numbered, kind=forced, **told)


_BY_LINES = {
    "csv": read_csv,
    "bibtex": read_bibtex,
    "listing": read_listing,
    "markdown": read_markdown,
}
