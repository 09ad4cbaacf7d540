"""Which format a file has, told by how it begins."""

from __future__ import annotations

import json
import re

from rag.errors import InputError
from rag.papers.readers.page_text import Meta, Paragraph, blocks, could_be_title
from rag.papers.readers.json_lines import json_kind
from rag.papers.streams import Line
from rag.papers.readers.table import csv_delimiter

FORMATS = ("page", "jsonl", "csv", "arxiv", "bibtex", "beir")

_ENTRY = re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)
_LISTING = re.compile(r"^(?:daily papers|by ?ak and the research community)\s*$", re.I | re.M)
_MARKUP = re.compile(r"^(?:#{1,6} |```|<[a-z!?/]|[-*] \[)", re.MULTILINE | re.IGNORECASE)


def detect(head: bytes, *, name: str) -> str:
    """Name the format of a text from its first bytes.

    Raises:
        InputError: it is none that is read here; the message says what can be done.
    """
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _json_format(text.split("\n", 1)[0])
    if text.startswith("["):
        raise InputError(
            f"{name} is one JSON list: make it one object a line, as jq -c '.[]' FILE | "
            "quoth ingest - does"
        )
    if csv_delimiter(text.split("\n", 1)[0].rstrip("\r")) is not None:
        return "csv"
    if _ENTRY.search(text):
        return "bibtex"
    if _is_page(text):
        return "page"
    raise InputError(
        f"{name} is in no known format: where it is one, say --format {'|'.join(FORMATS)}"
    )


def _json_format(line: str) -> str:
    """Tell "arxiv" and "beir" by the first object; "jsonl" is all else, damaged or not."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return "jsonl"
    return json_kind(record) if isinstance(record, dict) else "jsonl"


def _is_page(text: str) -> bool:
    """The listing's own words or small lines, else titles and abstracts in turn and no markup."""
    numbered = (Line(number, line) for number, line in enumerate(text.split("\n"), 1))
    found = list(blocks(numbered))
    if _LISTING.search(text) or any(isinstance(b, Meta) and b.day is not None for b in found):
        return True
    texts = [block.text for block in found if isinstance(block, Paragraph)]
    pairs = list(zip(texts[::2], texts[1::2], strict=False))
    return (
        bool(pairs)
        and not _MARKUP.search(text)
        and all(could_be_title(title) and len(abstract) >= 150 for title, abstract in pairs)
    )
