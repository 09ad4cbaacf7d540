"""From named values, as JSON and CSV give them, to a `Paper`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rag.papers.dates import iso_date
from rag.papers.identifiers import arxiv_number, arxiv_url, doi_of, is_identifier
from rag.papers.names import author_names
from rag.papers.rejected import UnusableRecordError
from rag.papers.text import clean, paper_key, title_id
from rag.sane import repairs
from rag.types import Paper

# Names of each field, best first, as `_squash` writes them: small letters and digits only.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "paper_id": ("paperid", "id", "docid", "arxivid", "corpusid", "pmid", "doi"),
    "title": ("title", "papertitle"),
    "abstract": ("abstract", "text", "summary", "paperabstract"),
    "date": (
        "date",
        "published",
        "publishedat",
        "publicationdate",
        "created",
        "updatedate",
        "year",
    ),
    "authors": ("authors", "author"),
    "author_count": ("authorcount", "nauthors", "numauthors", "authorscount"),
    "organization": ("organization", "organisation", "org"),
    "comments": ("comments", "numcomments", "commentcount"),
    "upvotes": ("upvotes", "votes"),
    "url": ("url", "link"),
}
_FORMS: Mapping[str, Callable[[str], object]] = {
    "doi": doi_of,
    "arxivid": arxiv_number,
    "pmid": str.isdecimal,
}
_NOT_NAME = re.compile(r"[^a-z0-9]+")
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_LONGEST_URL = 2000  # characters; what browsers take
NO_ADDRESS = "an address that is none was left out"
_WHOLE = re.compile(r"\d{1,9}")


def squashed(record: Mapping[Any, Any]) -> dict[str, Any]:
    """The record under plain names: "Paper ID", "paperId" and "paper_id" are all "paperid"."""
    plain: dict[str, Any] = {}
    for name, value in record.items():
        plain.setdefault(_NOT_NAME.sub("", str(name).casefold()), value)
    return plain


def paper_from(record: Mapping[Any, Any], *, source: str) -> Paper:
    """Make a paper of a record. Optional values that make no sense are left out.

    Raises:
        UnusableRecordError: no abstract, or neither a title nor an id.
    """
    fields = squashed(record)
    title = text_value(_first(fields, "title"))
    abstract = text_value(_first(fields, "abstract"))
    paper_id = _id_value(fields)
    require_usable(title=title, abstract=abstract, paper_id=paper_id)
    authors = author_names(_first(fields, "authors"))
    return Paper(
        paper_id=paper_id or title_id(title),
        title=title,
        abstract=abstract,
        date=_date_value(fields),
        authors=authors,
        author_count=count_value(_first(fields, "author_count")) or len(authors) or None,
        organization=_name_value(_first(fields, "organization")) or None,
        comments=count_value(_first(fields, "comments")),
        upvotes=count_value(_first(fields, "upvotes")),
        url=url_value(_first(fields, "url")) or arxiv_url(paper_id) or _doi_url(fields),
        source=(source,),
    )


def remarks_on(record: Mapping[Any, Any]) -> Iterator[str]:
    """What is mended or left out where a paper is made of a record."""
    ahead: list[Any] = [record]
    while ahead:  # not by calling itself: a record may be as deep as Python can read it
        value = ahead.pop()
        if isinstance(value, str):
            yield from (f"{what} were mended" for what in repairs(value))
        elif isinstance(value, Mapping):
            ahead.extend(value.values())
        elif isinstance(value, Sequence):
            ahead.extend(value)
    below = record.get("metadata")
    fields = squashed({**(below if isinstance(below, Mapping) else {}), **record})
    address = _first(fields, "url")
    if address is not None and url_value(address) is None:
        yield NO_ADDRESS


def require_usable(*, title: str, abstract: str, paper_id: str) -> None:
    """Hold a record to what a paper cannot do without.

    Raises:
        UnusableRecordError: it has no abstract, or neither a title nor an id.
    """
    if not abstract and not title:
        raise UnusableRecordError("neither a title nor an abstract")
    if not abstract:
        raise UnusableRecordError("no abstract")
    if not paper_id and not paper_key(title):
        raise UnusableRecordError("neither a title nor an id")


def text_value(value: Any) -> str:
    """A text, or a list of texts (an abstract kept in sentences) as one; else ""."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Sequence) and all(isinstance(part, str) for part in value):
        return clean(" ".join(value))
    return ""


def count_value(value: Any) -> int | None:
    """A whole number from zero up, else None."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip().replace(",", "")
    return int(text) if _WHOLE.fullmatch(text) else None


def url_value(value: Any) -> str | None:
    """An http or https address, else None: nothing else may become a link on the page."""
    text = value.strip() if isinstance(value, str) and len(value) <= _LONGEST_URL else ""
    return text if _URL.fullmatch(text) and not repairs(text) else None


def _first(fields: Mapping[str, Any], field: str) -> Any:
    """The value under the best name that has one."""
    for name in ALIASES[field]:
        value = fields.get(name)
        if value not in (None, "", [], {}):
            return value
    return None


def _date_value(fields: Mapping[str, Any]) -> str | None:
    """The first name whose value can be read as a date: a bad one does not hide a good one."""
    dates = (iso_date(fields[name]) for name in ALIASES["date"] if name in fields)
    return next((found for found in dates if found), None)


def _id_value(fields: Mapping[str, Any]) -> str:
    """The first id that is one by its form: what stands in a column for DOIs must be a DOI."""
    for name in ALIASES["paper_id"]:
        value = fields.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            continue
        text = clean(str(value))
        if is_identifier(text) and _FORMS.get(name, is_identifier)(text):
            return text
    return ""


def _doi_url(fields: Mapping[str, Any]) -> str | None:
    """The address of a DOI that stands beside another id: it tells papers apart, too."""
    doi = doi_of(clean(value)) if isinstance(value := fields.get("doi"), str) else None
    return f"https://doi.org/{doi}" if doi else None


def _name_value(value: Any) -> str:
    if isinstance(value, Mapping):
        named = squashed(value)
        value = named.get("fullname") or named.get("name")
    words = text_value(value).split(" ")
    half = len(words) // 2
    return " ".join(words[:half] if words[:half] == words[half:] else words)  # "Acme Acme"
