"""From named values, as JSON, tables and tagged lines give them, to a `Paper`."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rag.language.sane import repairs
from rag.language.sentences import evidence
from rag.papers.aliases import ALIASES, squashed
from rag.papers.rejected import UnusableRecordError
from rag.papers.text.markup import unmarked_text
from rag.papers.text.plain import clean, paper_key, title_id
from rag.papers.text.tex import without_tex
from rag.papers.values.absent import is_absent
from rag.papers.values.dates import iso_date, month_number
from rag.papers.values.identifiers import (
    arxiv_id_of,
    arxiv_number,
    arxiv_url,
    doi_of,
    is_identifier,
)
from rag.papers.values.names import author_names, is_open
from rag.types import Paper

_FORMS: Mapping[str, Callable[[str], object]] = {
    "doi": doi_of,
    "arxivid": arxiv_number,
    "arxiv": arxiv_number,
    "pmid": str.isdecimal,
    "pubmedid": str.isdecimal,
}
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_LONGEST_URL = 2000  # characters; what browsers take
_DATABASE = re.compile(
    r"https?://(?:www\.|app\.)?(?:scopus\.com|dimensions\.ai|webofscience\.com|webofknowledge\.com|"
    r"ieeexplore\.ieee\.org/stamp)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\d{1,9}")
_CATEGORIES = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?(?: [a-z-]+\.[A-Za-z-]+)*")
_RETRACTED = re.compile(r"[\[(]?\s*(retracted(?: article| paper| publication)?)\b", re.IGNORECASE)
_NO_TYPE = frozenset({"misc", "document"})  # what BibTeX and CSL call a record of no type
_SHORT = 200
"""Characters. A longer text is no name of a journal, a type or a keyword."""
_MOST_KEYWORDS = 100
_LONGEST_BOILERPLATE = 400
"""Characters. A longer abstract says something; it is not looked through for it twice."""

NO_ADDRESS = "an address that is none was left out"
MARKUP = "markup was read as the text that it marks"
TEX = "TeX was read as the text that it stands for"


def paper_from(record: Mapping[Any, Any], *, source: str, told: list[str] | None = None) -> Paper:
    """Make a paper of a record. Optional values that make no sense are left out.

    Args:
        record: values under any of the names of `ALIASES`.
        source: what `Paper.source` remembers.
        told: takes what was mended in the texts, a word a kind.

    Raises:
        UnusableRecordError: no abstract, or neither a title nor an id.
    """
    fields = squashed(record)
    title = _text_of(fields, "title", told)
    abstract = _text_of(fields, "abstract", told)
    paper_id = _id_value(fields)
    require_usable(title=title, abstract=abstract, paper_id=paper_id)
    named = _first(fields, "authors")
    authors = author_names(named)
    count = count_value(_first(fields, "author_count"))
    address = url_value(_first(fields, "url"))
    doi, arxiv_id = known_ids(fields, paper_id=paper_id, address=address)
    type = _short(_first(fields, "type"))
    type = None if type in _NO_TYPE else type
    return Paper(
        paper_id=paper_id or title_id(title),
        title=title,
        abstract=abstract,
        date=_date_value(fields),
        authors=authors,
        author_count=count or (None if is_open(named) else len(authors)) or None,
        organization=_name_value(_first(fields, "organization")) or None,
        comments=count_value(_first(fields, "comments")),
        upvotes=count_value(_first(fields, "upvotes")),
        url=_link(address, paper_id=paper_id, doi=doi, arxiv_id=arxiv_id),
        source=(source,),
        doi=doi,
        arxiv_id=arxiv_id,
        venue=_short(_first(fields, "venue")),
        type=type,
        keywords=keywords(_first(fields, "keywords")),
        code_url=url_value(_first(fields, "code_url")),
        retracted=_retraction(fields, title=title, type=type),
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


def known_ids(
    fields: Mapping[str, Any], *, paper_id: str, address: str | None
) -> tuple[str | None, str | None]:
    """The DOI and the arXiv id of a record, from whatever of it is one by its form."""
    given = [fields.get(name) for field in ("doi", "arxiv_id") for name in ALIASES[field]]
    texts = [clean(text) for text in (*given, paper_id, address) if isinstance(text, str)]
    dois = (doi_of(text) for text in texts)
    doi = next((found for found in dois if found and not arxiv_number(found)), None)
    arxiv_id = max(filter(None, map(arxiv_id_of, texts)), key=len, default=None)
    return doi, arxiv_id


def text_value(value: Any, told: list[str] | None = None) -> str:
    """A text, or a list of texts (an abstract kept in sentences) as one; else "".

    Markup and TeX in it are read as what they stand for.
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = " ".join(value) if all(isinstance(part, str) for part in value) else ""
    if not isinstance(value, str):
        return ""
    plain = unmarked_text(value)
    shown = without_tex(plain)
    if told is not None:
        told.extend([MARKUP] * (plain != value) + [TEX] * (shown != plain))
    return clean(shown)


def count_value(value: Any) -> int | None:
    """A whole number from zero up, else None."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip().replace(",", "").removesuffix(".0")
    return int(text) if _WHOLE.fullmatch(text) else None


def url_value(value: Any) -> str | None:
    """An http or https address, else None: nothing else may become a link on the page."""
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        value = value[0]
    text = value.strip() if isinstance(value, str) and len(value) <= _LONGEST_URL else ""
    if "&amp;" in text:
        text = html.unescape(text)
    return text if _URL.fullmatch(text) and not repairs(text) else None


def keywords(value: Any) -> tuple[str, ...]:
    """Keywords out of a list, a list of named things, or a text with ";", "|" or ","."""
    if isinstance(value, str):
        sign = next((sign for sign in ";|," if sign in value), "\n")
        parts: Sequence[Any] = value.split(" " if _CATEGORIES.fullmatch(value) else sign)
    elif isinstance(value, Sequence):
        parts = value
    else:
        return ()
    named = (_name_value(part) if isinstance(part, Mapping) else part for part in parts)
    texts = [clean(part).strip(" *.") for part in named if isinstance(part, str)]
    kept = [text for text in texts if text and len(text) <= _SHORT and not is_absent(text)]
    return tuple(dict.fromkeys(kept))[:_MOST_KEYWORDS]


def _text_of(fields: Mapping[str, Any], field: str, told: list[str] | None) -> str:
    """The text under the best name that has one: "nan" hides no other."""
    for name in ALIASES[field]:
        text = text_value(fields.get(name), told)
        if field == "abstract" and _is_boilerplate(text):
            continue
        if not is_absent(text) or (field == "title" and text and _is_title(text)):
            return text
    return ""


def _is_boilerplate(text: str) -> bool:
    """Whether a text has nothing else: editorials are exported with "© 2020 A Publisher"."""
    return len(text) <= _LONGEST_BOILERPLATE and not evidence(text)


def _is_title(text: str) -> bool:
    """Whether a text could be a title, though it stands for nothing elsewhere ("Unknown")."""
    return text.casefold() not in ("nan", "none", "null", "n/a", "na") and bool(paper_key(text))


def _first(fields: Mapping[str, Any], field: str) -> Any:
    """The value under the best name that has one."""
    for name in ALIASES[field]:
        value = fields.get(name)
        if value not in (None, "", [], {}) and not (isinstance(value, str) and is_absent(value)):
            return value
    return None


def _date_value(fields: Mapping[str, Any]) -> str | None:
    """The first name whose value can be read as a date: a bad one does not hide a good one."""
    given = [fields[name] for name in ALIASES["date"] if name in fields]
    found = next((date for value in given if (date := iso_date(value))), None)
    if found is None or len(found) > 4:
        return found
    for value in given:  # "MAR" beside a year of its own column
        words = value.replace("-", " ").split() if isinstance(value, str) else []
        if words and len(value) < 20 and (month := month_number(words[0])):
            day = f"-{words[1]}" if len(words) == 2 and words[1].isdecimal() else ""
            return iso_date(f"{found}-{month:02d}{day}")
    return found


def _id_value(fields: Mapping[str, Any]) -> str:
    """The first id that is one by its form: what stands in a column for DOIs must be a DOI."""
    for name in ALIASES["paper_id"]:
        value = fields.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            continue
        text = clean(str(value))
        if is_identifier(text) and _FORMS.get(name, is_identifier)(text):
            return _bare_doi(text) if name == "doi" else text
    return ""


def _bare_doi(text: str) -> str:
    """A DOI as written, without an address or "doi:" before it."""
    found = doi_of(text) or ""
    return text[-len(found) :] if text.casefold().endswith(found) else found


def _link(
    address: str | None, *, paper_id: str, doi: str | None, arxiv_id: str | None
) -> str | None:
    """The address of a paper; that of an entry in a database, with its login, comes last."""
    if address and not (doi and _DATABASE.match(address)):
        return address
    return arxiv_url(paper_id) or (f"https://doi.org/{doi}" if doi else arxiv_url(arxiv_id or ""))


def _name_value(value: Any) -> str:
    if isinstance(value, Mapping):
        named = squashed(value)
        names = ("fullname", "displayname", "name", "title", "term", "tag", "keyword")
        value = next((named[name] for name in names if isinstance(named.get(name), str)), "")
    words = text_value(value).split(" ")
    half = len(words) // 2
    return " ".join(words[:half] if words[:half] == words[half:] else words)  # "Acme Acme"


def _short(value: Any) -> str | None:
    """A name of a journal or a type; of a list, all."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        texts = [_name_value(part) for part in value[:10]]
        text = "; ".join(text for text in texts if text)
    else:
        text = _name_value(value)
    return text if len(text) <= _SHORT and not is_absent(text) else None


def _retraction(fields: Mapping[str, Any], *, title: str, type: str | None) -> str | None:
    """What a source says of a retraction, None where it says nothing."""
    value = _first(fields, "retracted")
    if value is True or (isinstance(value, str) and value.casefold() in ("true", "yes", "1")):
        return "retracted"
    if isinstance(value, str) and value.casefold() not in ("false", "no", "0"):
        return clean(value)[:_SHORT]
    if found := _RETRACTED.match(title):
        return found[1]
    said = next((part for part in (type or "").split(";") if _RETRACTED.match(part.strip())), None)
    return said.strip() if said else None
