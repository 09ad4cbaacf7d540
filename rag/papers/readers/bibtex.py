"""BibTeX entries with abstracts, read one at a time: an anthology is larger than memory is dear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.papers.readers.bibtex_entries import Entry, Fields, entries, fields_of
from rag.papers.dates import iso_date
from rag.papers.fields import NO_ADDRESS, url_value
from rag.papers.identifiers import arxiv_number, arxiv_url, doi_of
from rag.papers.names import turned
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.remarks import Remarks
from rag.papers.streams import Line
from rag.papers.tex import plain
from rag.papers.text import clean, paper_key, title_id
from rag.types import Paper

LONGEST_STRING = 2000
"""Characters. What an @string stands for is written out wherever it is named."""

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
            if entry.problem:
                raise UnusableRecordError(entry.problem)
            if entry.kind == "string":
                strings.update(_string(entry, strings))
            else:
                fields = _read_fields(entry, strings)
                paper = _paper(fields, source=source)
                if fields.get("url") and not url_value(_address(fields)):
                    remarks.add(NO_ADDRESS, where=f"line {entry.line}")
                yield paper
        except UnusableRecordError as error:
            yield Rejected(name, entry.line, str(error), excerpt(entry.text[:400]))


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


def _paper(fields: Fields, *, source: str) -> Paper:
    title, abstract = fields["title"], fields["abstract"]
    if not abstract:
        raise UnusableRecordError("no abstract")
    paper_id, url = _identity(fields)
    if not paper_id and not paper_key(title):
        raise UnusableRecordError("no title")
    authors = tuple(_authors(fields.get("author", "")))
    return Paper(
        paper_id=paper_id or title_id(title),
        title=title,
        abstract=abstract,
        date=_date(fields),
        authors=authors,
        author_count=len(authors) or None,
        url=url_value(_address(fields)) or url,
        source=(source,),
    )


def _identity(fields: Fields) -> tuple[str, str | None]:
    """An id that means the same everywhere ("" if there is none), and the address it stands for."""
    eprint = clean(fields.get("eprint", ""))
    doi = clean(fields.get("doi", "")).replace("\\_", "_")
    for text in (eprint, _address(fields), *_IN_JOURNAL.findall(fields.get("journal", "")), doi):
        if number := arxiv_number(text):
            return eprint if text == eprint else number, arxiv_url(text)
    found = doi_of(doi)
    if found is None:
        return "", None
    doi = doi[-len(found) :] if doi.casefold().endswith(found) else found
    return doi, f"https://doi.org/{doi}"


def _address(fields: Fields) -> str:
    """The address of an entry as the author meant it, out of TeX's braces and escapes."""
    text = fields.get("url", "").strip()
    if found := _URL_MACRO.match(text):
        text = found[1]
    text = _TILDE.sub("~", text)
    return _ESCAPED.sub(r"\1", text).strip().strip("{}")


def _date(fields: Fields) -> str | None:
    if full := iso_date(fields.get("date", "")):
        return full
    year, month = clean(fields.get("year", "")), clean(fields.get("month", ""))
    number = f"{int(month):02d}" if month.isdecimal() else ""
    return (iso_date(f"{year}-{number}") if number else iso_date(f"{month} {year}")) or iso_date(
        year
    )


def _authors(text: str) -> Iterator[str]:
    """Names between "and" that no brace encloses; one in braces is kept as it is."""
    depth = 0
    words: list[str] = []
    for word in [*text.split(), "and"]:
        if depth <= 0 and word.casefold() == "and":
            name = " ".join(words)
            whole = re.fullmatch(r"\{[^{}]*\}", name) is not None
            shown = plain(name) if whole else turned(plain(name))
            if shown and shown != "others":
                yield shown
            words = []
        else:
            depth += word.count("{") - word.count("}")
            words.append(word)
