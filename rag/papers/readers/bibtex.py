"""BibTeX entries with abstracts, read one at a time: an anthology is larger than memory is dear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rag.papers.fields import NO_ADDRESS, url_value
from rag.papers.readers.bibtex_entries import NO_COMMA, UNCLOSED, Entry, Fields, entries, fields_of
from rag.papers.readers.made import made
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import Line
from rag.papers.text.plain import clean
from rag.papers.text.tex import plain
from rag.papers.values.dates import iso_date
from rag.papers.values.identifiers import arxiv_number, arxiv_url, doi_of
from rag.papers.values.names import turned
from rag.types import Paper

LONGEST_STRING = 2000
"""Characters. What an @string stands for is written out wherever it is named."""

_PLAIN = ("journaltitle", "journal", "booktitle", "series", "type", "keywords")
_VENUES = ("journaltitle", "journal", "booktitle", "series")
_BRACED = re.compile(r"\{([^\W_][\w\s-]*)\}")  # braces that only keep capitals
_NOT_PAPERS = frozenset({"comment", "preamble"})
_ABSTRACT = re.compile(r"\babstract\s*=", re.IGNORECASE)
_IN_JOURNAL = re.compile(r"arxiv:\s?\S+|(?<=abs/)\S+", re.IGNORECASE)  # "CoRR, abs/2003.01234"
_URL_MACRO = re.compile(r"\{*\\(?:url|href|path|nolinkurl)\s*\{([^{}]*)\}")
_TILDE = re.compile(r"\{?\\textasciitilde(?:\{\}|\}|\s)?|\\~\{\}|\$\\sim\$")
_ESCAPED = re.compile(r"\\([_%&#$~{}])")


def read_bibtex(
    lines: Iterable[Line], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper an entry; entries without an abstract are rejected. Text between them is skipped.

    The id is the arXiv number or DOI where the entry has one, else it is made from the title:
    a citation key ("smith2020") means something in its own file only.
    """
    strings: dict[str, str] = {}
    for entry in entries(lines):
        if entry.kind in _NOT_PAPERS:
            continue
        try:
            if entry.problem and entry.problem != UNCLOSED:
                raise UnusableRecordError(entry.problem)
            if entry.kind == "string":
                strings.update(_string(entry, strings))
                continue
            fields = _read_fields(entry, strings)
        except UnusableRecordError as error:
            yield Rejected(name, entry.line, entry.problem or str(error), _shown(entry))
            continue
        paper = made(
            _record(fields, entry.kind),
            name=name,
            source=source,
            line=entry.line,
            remarks=remarks,
            shown=entry.text[:400],
        )
        if isinstance(paper, Paper):
            for what in _mended(entry, fields):
                remarks.add(what, where=f"line {entry.line}")
        yield paper


def _shown(entry: Entry) -> str:
    return excerpt(entry.text[:400])


def _mended(entry: Entry, fields: Fields) -> Iterator[str]:
    """What is said of an entry that was read though it is not as it should be."""
    if entry.problem:
        yield "an entry without its last brace was read"
    if NO_COMMA in fields:
        yield "an entry without a comma behind its key was read"
    if fields.get("url") and not url_value(_address(fields)):
        yield NO_ADDRESS


def _string(entry: Entry, strings: dict[str, str]) -> Fields:
    """What an @string defines."""
    defined = fields_of(entry.text, strings)
    if any(len(text) > LONGEST_STRING for text in defined.values()):
        raise UnusableRecordError(f"an @string of more than {LONGEST_STRING:,} characters")
    return defined


def _read_fields(entry: Entry, strings: dict[str, str]) -> Fields:
    text = entry.text
    if not _ABSTRACT.search(text):
        raise UnusableRecordError("no abstract")
    fields = fields_of(text, strings)
    for field in ("title", "abstract"):
        fields[field] = plain(fields.get(field, ""))
    return fields


def _record(fields: Fields, kind: str) -> dict[str, Any]:
    """The values of an entry under names of `rag.papers.aliases`."""
    paper_id, url = _identity(fields)
    said = {name: plain(fields[name]) for name in _PLAIN if name in fields}
    venue = next((said[name] for name in _VENUES if said.get(name)), None)
    return {
        "paper_id": paper_id,
        "title": _BRACED.sub(r"\1", fields["title"]),
        "abstract": fields["abstract"],
        "date": _date(fields),
        "authors": list(_authors(fields.get("author", ""))),
        "url": url_value(_address(fields)) or url,
        "doi": doi_of(_doi(fields)),
        "arxiv_id": clean(fields.get("eprint", "")) or url,
        "venue": venue,
        "type": said.get("type") or kind,
        "keywords": said.get("keywords"),
        "code_url": clean(fields.get("code", "") or fields.get("github", "")),
    }


def _identity(fields: Fields) -> tuple[str, str | None]:
    """An id that means the same everywhere ("" if there is none), and the address it stands for."""
    eprint = clean(fields.get("eprint", "")).strip("{}")
    doi = _doi(fields)
    for text in (eprint, _address(fields), *_IN_JOURNAL.findall(fields.get("journal", "")), doi):
        if number := arxiv_number(text):
            return eprint if text == eprint else number, arxiv_url(text)
    found = doi_of(doi)
    if found is None:
        return "", None
    doi = doi[-len(found) :] if doi.casefold().endswith(found) else found
    return doi, f"https://doi.org/{doi}"


def _doi(fields: Fields) -> str:
    return _ESCAPED.sub(r"\1", clean(fields.get("doi", ""))).strip("{}")


def _address(fields: Fields) -> str:
    """The address of an entry as the author meant it, out of TeX's braces and escapes."""
    text = fields.get("url", "").strip()
    if found := _URL_MACRO.match(text):
        text = found[1]
    text = _TILDE.sub("~", text)
    return _ESCAPED.sub(r"\1", text).strip().strip("{}")


def _date(fields: Fields) -> str | None:
    """The date, or the year with the month and the day, which often stand in one field."""
    for name in ("date", "year"):
        if len(full := iso_date(plain(fields.get(name, ""))) or "") > 4:
            return full
    year = iso_date(plain(fields.get("year", ""))) or iso_date(plain(fields.get("date", "")))
    month, day = (clean(plain(fields.get(name, ""))) for name in ("month", "day"))
    if year is None or not month:
        return year
    if month.isdecimal():
        return iso_date(f"{year}-{month}-{day}" if day.isdecimal() else f"{year}-{month}")
    spoken = f"{day} {month} {year}" if day.isdecimal() else f"{month} {year}"
    return iso_date(spoken) or year


def _authors(text: str) -> Iterator[dict[str, str] | str]:
    """Names between "and" that no brace encloses; one in braces is kept as it is."""
    depth = 0
    words: list[str] = []
    for word in [*text.split(), "and"]:
        if depth <= 0 and word.casefold() == "and":
            name = " ".join(words)
            whole = re.fullmatch(r"\{[^{}]*\}", name) is not None
            shown = plain(name) if whole else turned(plain(name))
            if shown:
                yield shown if shown == "others" else {"literal": shown}
            words = []
        else:
            depth += word.count("{") - word.count("}")
            words.append(word)
