"""Papers in formats that other programs read, and ours: RIS, CSL-JSON, a table.

What is written is read back by `rag.papers.read` as it was, but for what a format has no place for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from rag.contract.wire import json_text
from rag.language.sane import one_line
from rag.types import Paper

_TYPES = {"conference paper": "CONF", "book chapter": "CHAP", "book": "BOOK", "thesis": "THES",
          "report": "RPRT", "preprint": "PREPRINT", "dataset": "DATA"}  # fmt: skip
_MARKUP = re.compile(r"&(?=#?\w+;)|<(?=[/A-Za-z!?])")


def to_ris(papers: Iterable[Paper]) -> str:
    """Papers as RIS: a tag a line, two characters, as Zotero and EndNote read it."""
    return "".join(_ris_record(paper) for paper in papers)


def to_csl(papers: Iterable[Paper]) -> str:
    """Papers as CSL-JSON: what Zotero and pandoc read."""
    return json_text([_csl_item(paper) for paper in papers], indent=1) + "\n"


def _ris_record(paper: Paper) -> str:
    values = [
        ("TY", _TYPES.get((paper.type or "").casefold(), "JOUR")),
        ("TI", paper.title),
        *(("AU", last_first(name)) for name in paper.authors),
        ("DA", (paper.date or "").replace("-", "/")),
        ("PY", str(paper.year or "")),
        ("JF", paper.venue or ""),
        ("DO", paper.doi or ""),
        ("AN", f"arXiv:{paper.arxiv_id}" if paper.arxiv_id else ""),
        ("UR", paper.url or ""),
        *(("KW", keyword) for keyword in paper.keywords),
        ("AB", paper.abstract),
    ]
    lines = [f"{tag}  - {as_text(value)}\n" for tag, value in values if value]
    return "".join([*lines, "ER  - \n\n"])


def _csl_item(paper: Paper) -> dict[str, Any]:
    parts = [int(part) for part in (paper.date or "").split("-") if part]
    item = {
        "id": paper.paper_id,
        "type": paper.type or "article",
        "title": as_text(paper.title),
        "abstract": as_text(paper.abstract),
        "author": [{"literal": one_line(name)} for name in paper.authors],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": paper.venue and as_text(paper.venue),
        "DOI": paper.doi,
        "arxiv_id": paper.arxiv_id,
        "URL": paper.url,
        "keyword": "; ".join(map(one_line, paper.keywords)),
    }
    return {name: value for name, value in item.items() if value}


def last_first(name: str) -> str:
    """A name as RIS and BibTeX have it: "Roe, Ann"; a name of one word, or of a group, as it is."""
    name = one_line(name)
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}" if first and "," not in name else f"{name},"


def as_text(words: str) -> str:
    """Words on one line, with what looks like markup or an entity written so that it is text."""
    return _MARKUP.sub(lambda sign: "&amp;" if sign[0] == "&" else "&lt;", one_line(words))
