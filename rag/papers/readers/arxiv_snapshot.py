"""Lines of arXiv's metadata snapshot.

Source: https://www.kaggle.com/datasets/Cornell-University/arxiv (field names).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.papers.fields import keywords, require_usable, text_value
from rag.papers.text.plain import title_id
from rag.papers.values.absent import is_absent
from rag.papers.values.dates import iso_date
from rag.papers.values.identifiers import arxiv_id_of, doi_of
from rag.papers.values.names import author_names
from rag.types import Paper

_MARKS = frozenset({"authors_parsed", "versions", "update_date", "submitter", "journal-ref"})


def is_arxiv(record: Mapping[str, Any]) -> bool:
    """Whether a record has the fields of the snapshot and at least two that only it has."""
    return {"id", "title", "abstract"} <= record.keys() and len(_MARKS & record.keys()) >= 2


def paper_from_arxiv(
    record: Mapping[str, Any], *, source: str, told: list[str] | None = None
) -> Paper:
    """Make a paper of a snapshot record; its date is that of the first version.

    `comments` there is a note of the authors ("12 pages"), not a number of comments.

    Raises:
        UnusableRecordError: no abstract, or neither a title nor an id.
    """
    title, abstract = (text_value(record.get(field), told) for field in ("title", "abstract"))
    abstract = "" if is_absent(abstract) else abstract
    arxiv_id = text_value(record.get("id"))
    require_usable(title=title, abstract=abstract, paper_id=arxiv_id)
    parsed = author_names(record.get("authors_parsed"))
    authors = parsed or author_names(record.get("authors"))
    return Paper(
        paper_id=arxiv_id or title_id(title),
        title=title,
        abstract=abstract,
        date=_first_version(record.get("versions")) or iso_date(record.get("update_date")),
        authors=authors,
        author_count=len(authors) or None,
        url=f"https://arxiv.org/abs/{arxiv_id}" if arxiv_id and " " not in arxiv_id else None,
        source=(source,),
        doi=doi_of(text_value(record.get("doi"))),
        arxiv_id=arxiv_id_of(arxiv_id),
        venue=text_value(record.get("journal-ref")) or None,
        keywords=keywords(record.get("categories")),
    )


def _first_version(versions: Any) -> str | None:
    if isinstance(versions, list) and versions and isinstance(versions[0], Mapping):
        return iso_date(versions[0].get("created"))
    return None
