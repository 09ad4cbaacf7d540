"""BibTeX entries with abstracts, read one at a time: an anthology is larger than memory is dear.

Entries are told apart here, by their braces; what is in one is read by bibtexparser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rag.papers.dates import iso_date
from rag.papers.fields import url_value
from rag.papers.identifiers import arxiv_number, arxiv_url, doi_of
from rag.papers.names import turned
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.streams import MAX_LINE, Line
from rag.papers.text import clean, paper_key, title_id
from rag.types import Paper

_BEGINS = re.compile(r"\s*@\s*([A-Za-z]+)\s*[{(]")
_STRING = re.compile(r"\s*@\s*string\s*[{(]\s*([^\s={}\"]+)\s*=", re.IGNORECASE)
_NOT_PAPERS = frozenset({"comment", "preamble", "string"})
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_TEX = re.compile(r"[\\{}$~]|--|``|''")
_DECODED = ("title", "abstract")
_IN_JOURNAL = re.compile(r"arxiv:\s?\S+|(?<=abs/)\S+", re.IGNORECASE)  # "CoRR, abs/2003.01234"

_URL_MACRO = re.compile(r"\{*\\(?:url|href|path|nolinkurl)\s*\{([^{}]*)\}")
_TILDE = re.compile(r"\\textasciitilde(?:\{\}|\s)?|\\~\{\}|\\sim\b|\{\\textasciitilde\}")
_ESCAPED = re.compile(r"\\([_%&#$~{}])")

Fields = dict[str, str]


def read_bibtex(lines: Iterable[Line], *, name: str, source: str) -> Iterator[Paper | Rejected]:
    """One paper an entry; entries without an abstract are rejected. Text between them is skipped.

    The id is the arXiv number or DOI where the entry has one, else it is made from the title:
    a citation key ("smith2020") means something in its own file only.
    """
    parse = _parser()
    strings: dict[str, str] = {}
    for number, text, problem in _entries(lines):
        kind = _BEGINS.match(text)
        if (found := _STRING.match(text)) and not problem:
            strings[found[1].casefold()] = text
        if kind is None or kind[1].casefold() in _NOT_PAPERS:
            continue
        try:
            if problem:
                raise UnusableRecordError(problem)
            if not re.search(r"\babstract\s*=", text, re.IGNORECASE):
                raise UnusableRecordError("no abstract")
            named = [strings[word] for word in strings if word in text.casefold()]
            yield _paper(parse("".join(named), text), source=source)
        except UnusableRecordError as error:
            yield Rejected(name, number, str(error), excerpt(text))


def _entries(lines: Iterable[Line]) -> Iterator[tuple[int, str, str]]:
    """(line, text, problem) of each block that begins with "@". Braces that balance end it."""
    held: list[str] = []
    begins, depth, size, problem = 0, 0, 0, ""
    for line in lines:
        if held and _BEGINS.match(line.text) and line.text.startswith("@"):
            yield begins, "".join(held), problem or "a brace is left open"
            held = []
        if not held:
            if not _BEGINS.match(line.text):
                continue
            begins, depth, size, problem = line.number, 0, 0, ""
        problem = problem or line.problem
        size += len(line.text)
        if size > MAX_LINE:
            problem = problem or f"an entry of more than {MAX_LINE:,} characters"
        else:
            held.append(line.text + "\n")
        depth += line.text.count("{") - line.text.count("}")
        if depth <= 0 and (depth < 0 or _is_closed(held)):
            yield begins, "".join(held), problem
            held = []
    if held:
        yield begins, "".join(held), problem or "a brace is left open"


def _is_closed(held: list[str]) -> bool:
    """Whether an entry whose braces balance is at its end; "@article(" needs its bracket, too."""
    found = _BEGINS.match(held[0])
    if found is None or found[0].rstrip().endswith("{"):
        return True
    return held[-1].rstrip().endswith(")")


def _parser() -> Callable[[str, str], Fields]:
    """A function from @string definitions and one entry to the entry's fields, decoded."""
    import bibtexparser
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import Entry, Field

    decoder = LatexDecodingMiddleware()

    def decoded(text: str) -> str:
        if not _TEX.search(text):  # decoding takes milliseconds, and most abstracts are plain
            return clean(text)
        # TeX reads an unescaped % as the start of a comment; in an abstract it is a per cent.
        entry = Entry("article", "key", [Field("text", _BARE_PERCENT.sub(r"\\%", text))])
        block: Any = decoder.transform_entry(entry, bibtexparser.Library())
        return clean(str(block["text"])) if isinstance(block, Entry) else clean(text)

    def parse(strings: str, text: str) -> Fields:
        library = bibtexparser.parse_string(strings + text)
        if not library.entries:
            problems = [str(block.error) for block in library.failed_blocks]
            raise UnusableRecordError(f"not BibTeX ({clean(' '.join(problems))[:120]})")
        found = {field.key.casefold(): str(field.value) for field in library.entries[-1].fields}
        for name in _DECODED:
            found[name] = decoded(found.get(name, ""))
        authors = [decoded(author) for author in _split_authors(found.get("author", ""))]
        found["author"] = "\n".join(author for author in authors if author != "others")
        return found

    return parse


def _paper(fields: Fields, *, source: str) -> Paper:
    title, abstract = fields["title"], fields["abstract"]
    if not abstract:
        raise UnusableRecordError("no abstract")
    paper_id, url = _identity(fields)
    if not paper_id and not paper_key(title):
        raise UnusableRecordError("no title")
    authors = tuple(turned(author) for author in fields["author"].split("\n") if author)
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


def _split_authors(text: str) -> list[str]:
    """Names between "and" that no brace encloses."""
    names: list[str] = []
    start = depth = 0
    for found in re.finditer(r"[{}]|\s+and\s+", text):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth == 0:
            names.append(text[start : found.start()])
            start = found.end()
    return [name for name in (*names, text[start:]) if name.strip()]
