"""CSL-JSON: what Zotero and pandoc read. What it has no name for stands under ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rag.contract.wire import json_text
from rag.exports.values import as_text
from rag.language.sane import one_line
from rag.types import Paper

_OURS = ("arxiv_id", "author_count", "organization", "comments", "upvotes", "code_url", "retracted")


def to_csl(papers: Iterable[Paper]) -> Iterator[str]:
    """A list of items."""
    before = "[\n"
    for paper in papers:
        yield before + json_text(_item(paper), indent=1)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def _item(paper: Paper) -> dict[str, Any]:
    parts = [int(part) for part in (paper.date or "").split("-") if part]
    item = {
        "id": paper.paper_id,
        "paper_id": paper.paper_id,
        "type": paper.type or "document",
        "title": as_text(paper.title),
        "abstract": as_text(paper.abstract),
        "author": [{"literal": one_line(name)} for name in paper.authors],
        "issued": {"date-parts": [parts]} if parts else None,
        "container-title": paper.venue and as_text(paper.venue),
        "DOI": paper.doi,
        "URL": paper.url,
        "keyword": "; ".join(map(one_line, paper.keywords)) + ";" if paper.keywords else None,
        **{name: getattr(paper, name) for name in _OURS},
    }
    return {name: value for name, value in item.items() if value not in (None, "", [])}
