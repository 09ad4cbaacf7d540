"""Records in XML: PubMed's, EndNote's, arXiv's Atom feed and its OAI answers, Dublin Core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from rag.papers.readers.made import made, with_universal_id
from rag.papers.readers.xml_elements import Element, elements
from rag.papers.rejected import Rejected, excerpt
from rag.papers.remarks import Remarks
from rag.papers.values.dates import iso_date
from rag.types import Paper

Record = dict[str, Any]


def read_xml(
    texts: Iterable[str], *, name: str, source: str, remarks: Remarks
) -> Iterator[Paper | Rejected]:
    """One paper a record of any of the kinds of `MADE_BY`.

    Raises:
        InputError: it is not XML to its end, or made to be more than it is.
    """
    for element in elements(texts, frozenset(MADE_BY), name=name):
        record = MADE_BY[element.name](element)
        if record is None:
            continue
        if "\ufffd" in f"{record.get('title')}{record.get('abstract')}":
            reason = "characters that are not UTF-8"
            yield Rejected(name, element.line, reason, excerpt(str(record.get("title"))))
            continue
        yield made(
            with_universal_id(record), name=name, source=source, line=element.line, remarks=remarks
        )


def _pubmed(article: Element) -> Record:
    """An article of PubMed; parts of its abstract keep their labels, "METHODS: ..."."""
    citation = next(iter(article.all("MedlineCitation") or article.all("BookDocument")), article)
    main = next(iter(citation.all("Article")), citation)
    numbers = [
        *main.all("ELocationID"),
        *article.all("PubmedData", "ArticleIdList", "ArticleId"),
        *citation.all("ArticleIdList", "ArticleId"),
    ]
    dois = (number.text for number in numbers if "doi" in number.attributes.values())
    issue = next(iter(main.all("Journal", "JournalIssue", "PubDate")), None)
    return {
        "title": marked(main, "ArticleTitle") or marked(main, "Book", "BookTitle"),
        "abstract": " ".join(_labelled(part) for part in main.all("Abstract", "AbstractText")),
        "authors": [_person(one) for one in main.all("AuthorList", "Author")],
        "date": _pubmed_date(issue) or _pubmed_date(next(iter(main.all("ArticleDate")), None)),
        "pmid": citation.first("PMID"),
        "doi": next(dois, ""),
        "venue": main.first("Journal", "Title") or main.first("Journal", "ISOAbbreviation"),
        "type": [one.text for one in main.all("PublicationTypeList", "PublicationType")],
        "keywords": [one.text for one in citation.all("KeywordList", "Keyword")]
        or [one.text for one in citation.all("MeshHeadingList", "MeshHeading", "DescriptorName")],
    }


def _pubmed_date(date: Element | None) -> str | None:
    if date is None:
        return None
    parts = [date.first(name) for name in ("Year", "Month", "Day")]
    return iso_date([part for part in parts if part]) or iso_date(date.first("MedlineDate"))


def _labelled(part: Element) -> str:
    label, text = part.attributes.get("Label", ""), _marked(part)
    return f"{label}: {text}" if label and label.upper() != "UNLABELLED" else text


def _person(author: Element) -> Record:
    return {child.name: child.text for child in author.children}


def _endnote(record: Element) -> Record:
    """A record of EndNote, whose texts are cut up by their style."""
    return {
        "title": record.first("titles", "title"),
        "abstract": record.first("abstract"),
        "authors": [one.text for one in record.all("contributors", "authors", "author")],
        "date": record.first("dates", "pub-dates", "date"),
        "year": record.first("dates", "year"),
        "doi": record.first("electronic-resource-num"),
        "url": record.first("urls", "related-urls", "url"),
        "venue": record.first("periodical", "full-title")
        or record.first("titles", "secondary-title"),
        "type": next((one.attributes.get("name", "") for one in record.all("ref-type")), ""),
        "keywords": [one.text for one in record.all("keywords", "keyword")],
        "accession_number": record.first("accession-num"),
    }  # fmt: skip


def _record(record: Element) -> Record | None:
    """A "record": EndNote's, or an answer of OAI in arXiv's, Dublin Core's or another form."""
    held = next(iter(record.all("metadata")), None)
    if held is None:
        return (
            _endnote(record) if record.all("titles") or record.all("ref-type") else _plain(record)
        )
    inner = next(held.children, None)
    if inner is None:
        return None
    if inner.name == "dc":
        return _dublin(inner)
    return _arxiv_oai(inner)


def _arxiv_oai(paper: Element) -> Record:
    """ArXiv's own forms: "arXiv" with authors in parts, "arXivRaw" with versions."""
    people = [
        {
            "last": one.first("keyname"),
            "first": one.first("forenames"),
            "suffix": one.first("suffix"),
        }
        for one in paper.all("authors", "author")
    ]
    versions = paper.all("version")
    return {
        "arxiv_id": paper.first("id"),
        "title": paper.first("title"),
        "abstract": paper.first("abstract"),
        "authors": people or paper.first("authors"),
        "date": versions[0].first("date") if versions else paper.first("created"),
        "doi": paper.first("doi"),
        "venue": paper.first("journal-ref"),
        "keywords": paper.first("categories"),
    }  # fmt: skip


def _dublin(paper: Element) -> Record:
    """Dublin Core: several identifiers, and descriptions of which the longest is the abstract."""
    names = [one.text.strip() for one in paper.all("identifier")]
    return {
        "title": paper.first("title"),
        "abstract": max((one.text for one in paper.all("description")), key=len, default=""),
        "authors": [one.text for one in paper.all("creator")],
        "date": paper.first("date"),
        "doi": next((name for name in names if name.casefold().startswith(("doi:", "10."))), ""),
        "url": next((name for name in names if name.startswith("http")), ""),
        "keywords": [one.text for one in paper.all("subject")],
        "type": paper.first("type"),
    }


def _atom(entry: Element) -> Record:
    """An entry of arXiv's feed; other feeds of papers have the same names."""
    links = [one.attributes for one in entry.all("link")]
    page = next((link.get("href", "") for link in links if link.get("rel") == "alternate"), "")
    return {
        "arxiv_id": entry.first("id"),
        "title": entry.first("title"),
        "abstract": entry.first("summary") or entry.first("content"),
        "authors": [one.first("name") for one in entry.all("author")],
        "date": entry.first("published") or entry.first("updated"),
        "doi": entry.first("doi"),
        "url": page or entry.first("id"),
        "venue": entry.first("journal_ref"),
        "keywords": [one.attributes.get("term", "") for one in entry.all("category")],
    }


def _plain(record: Element) -> Record:
    """Any other record, by the names of what stands in it."""
    found: Record = {}
    for child in record.children:
        found.setdefault(child.name, child.text.strip())
    return found


def marked(element: Element, *path: str) -> str:
    """The text at a path with its markup, as HTML has it."""
    return next((_marked(one) for one in element.all(*path)), "")


def _marked(element: Element) -> str:
    """Text with the tags that say something of it: an exponent stays one."""
    pieces: list[str] = []
    ahead: list[str | Element] = list(reversed(element.parts))
    while ahead:
        part = ahead.pop()
        if isinstance(part, str):
            # What is text here must not be read as markup: "p < 0.05 and q > 1".
            pieces.append(part.replace("&", "&amp;").replace("<", "&lt;"))
            continue
        raised = part.name in ("sup", "superscript")
        pieces.append("<sup>" * raised)
        ahead.extend(["</sup>"] * raised)
        ahead.extend(reversed(part.parts))
    return "".join(pieces).replace("&lt;/sup>", "</sup>")


MADE_BY: Mapping[str, Callable[[Element], Record | None]] = {
    "PubmedArticle": _pubmed,
    "PubmedBookArticle": _pubmed,
    "record": _record,
    "entry": _atom,
    "arXiv": _arxiv_oai,
    "item": _plain,
}
"""What becomes of an element, by its name."""
