"""Which format a file has, told by how it begins."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from rag.errors import InputError
from rag.papers.readers.arxiv_listing import BEGINS as LISTING_BEGINS
from rag.papers.readers.json_lines import json_kind
from rag.papers.readers.json_shapes import looks_like_paper
from rag.papers.readers.json_tables import is_table
from rag.papers.readers.json_values import values
from rag.papers.readers.markdown import BEGINS as MARKDOWN_BEGINS
from rag.papers.readers.page_text import Meta, blocks
from rag.papers.readers.table import table_at
from rag.papers.streams import WAY, Line

FORMATS = (
    "page", "jsonl", "json", "csv", "bibtex", "ris", "nbib", "wos", "enw", "xml", "arxiv",
    "listing", "beir", "markdown",
)  # fmt: skip
"""What `--format` may name."""

_ENTRY = re.compile(r"^[ \t]*@[A-Za-z]+\s*[{(]", re.MULTILINE)
_PAGE = re.compile(r"^(?:daily papers|by ?ak and the research community)\s*$", re.I | re.M)
_TAGGED: Mapping[str, re.Pattern[str]] = {
    "ris": re.compile(r"^\s{0,3}TY\s{1,3}-\s", re.MULTILINE),
    "nbib": re.compile(r"^PMID ?- ?\d", re.MULTILINE),
    "wos": re.compile(r"\A(?:FN \S.*\n(?:VR .*\n)?|)\s*PT [A-Z]\s*\n[A-Z][A-Z0-9] ", re.MULTILINE),
    "enw": re.compile(r"^%0 \S.*\n%[0-9A-Z@] ", re.MULTILINE),
}
_XML = re.compile(
    r"<(?:\?xml|!DOCTYPE (?!html)|(?:\w+:)?(?:xml|records|feed|OAI-PMH|Pubmed\w+|ListRecords))\b",
    re.IGNORECASE,
)
_WEB = re.compile(r"<(?:!DOCTYPE html|html|head|body)\b", re.IGNORECASE)


def detect(head: bytes, *, name: str) -> str:
    """Name the format of a text from its first bytes; "elements" and "objects" are JSON's.

    Raises:
        InputError: it is none that is read here; the message says what can be done.
    """
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    if text.startswith(("{", "[")):
        return _json_format(text) if text[0] == "{" else "json"
    if text.startswith("<") and _WEB.search(text[:2000]):
        raise InputError(f"{name} is a web page: give the records of the papers instead ({WAY})")
    if _XML.match(text):
        return "xml"
    return _by_lines(text, name=name)


def _by_lines(text: str, *, name: str) -> str:
    """The format of a text that is neither JSON nor XML."""
    if MARKDOWN_BEGINS.search(text):  # first: what people said may begin like anything
        return "markdown"
    if table_at(text.split("\n")) is not None:
        return "csv"
    for format, begins in _TAGGED.items():
        if begins.search(text):
            return format
    if LISTING_BEGINS.search(text):
        return "listing"
    if _ENTRY.search(text):
        return "bibtex"
    if _is_page(text):
        return "page"
    raise InputError(
        f"{name} is in no known format: where it is one, say --format {'|'.join(FORMATS)}; "
        f"what reads well are exports of papers ({WAY})"
    )


def _json_format(text: str) -> str:
    """Objects a line are "jsonl" (or "arxiv", "beir"), damaged or not; else what holds what.

    An object that is no paper and has a list of papers in it is an envelope.
    """
    if is_table(text):
        return "json"
    line, _, rest = text.partition("\n")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        if line.rstrip().endswith("}") or rest.lstrip().startswith("{"):
            return "jsonl"
        return "json"
    if not isinstance(record, dict):
        return "jsonl"
    return json_kind(record) if looks_like_paper(record) or not _holds_papers(line) else "json"


def is_envelope(head: bytes) -> bool:
    """Whether JSON begins as an object around a list of papers, and not as one paper."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    return text.startswith("{") and _holds_papers(text)


def _holds_papers(text: str) -> bool:
    """Whether the first object in a list in a text is a paper, and what is around it is not."""
    first = next(values([text], mode="elements"), None)
    if first is None or first.problem:
        return False
    around = text[: text.find(first.text)]
    try:
        record = json.loads(first.text, strict=False)
    except (ValueError, RecursionError):
        return False
    return looks_like_paper(record) and not re.search(r'"(?:title|abstract)"\s*:', around)


def _is_page(text: str) -> bool:
    """The listing's own words or its small lines: titles and texts in turn are any prose, too."""
    numbered = (Line(number, line) for number, line in enumerate(text.split("\n"), 1))
    return _PAGE.search(text) is not None or any(
        isinstance(block, Meta) and block.day is not None for block in blocks(numbered)
    )
