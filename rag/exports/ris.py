"""RIS: a tag a line, as Zotero and EndNote read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rag.exports.values import as_text
from rag.language.sane import one_line
from rag.types import Paper

_TYPES: Mapping[str, str] = {
    "journal article": "JOUR", "article": "JOUR", "conference paper": "CONF",
    "proceedings article": "CONF", "book chapter": "CHAP", "book": "BOOK", "thesis": "THES",
    "report": "RPRT", "preprint": "PREPRINT", "dataset": "DATA",
}  # fmt: skip
"""Codes of types; of any other, "GEN", which says nothing."""


def to_ris(papers: Iterable[Paper]) -> Iterator[str]:
    """A record a paper. There is no place for organisation, counts of people, comments, code."""
    return map(_record, papers)


def last_first(name: str) -> str:
    """A name as RIS and BibTeX have it: "Roe, Ann"; a name of one word, or of a group, as it is."""
    name = one_line(name)
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first and "," not in name else f"{name},"


def _record(paper: Paper) -> str:
    values = [
        ("TY", _TYPES.get((paper.type or "").casefold().replace("-", " "), "GEN")),
        ("TI", paper.title),
        *(("AU", last_first(name)) for name in paper.authors),
        ("DA", (paper.date or "").replace("-", "/")),
        ("PY", str(paper.year or "")),
        ("JF", paper.venue or ""),
        ("DO", paper.doi or ""),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("UR", paper.url or ""),
        *(("KW", keyword) for keyword in paper.keywords),
        ("RI", paper.retracted or ""),
        ("AB", paper.abstract),
    ]
    lines = [f"{tag}  - {as_text(value)}\n" for tag, value in values if value]
    return "".join([*lines, "ER  - \n\n"])
