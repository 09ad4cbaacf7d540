"""From what a reader found in a record to a paper that goes by what names it everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.papers.aliases import squashed
from rag.papers.fields import known_ids, paper_from, remarks_on, url_value
from rag.papers.rejected import Rejected, UnusableRecordError, excerpt
from rag.papers.remarks import Remarks
from rag.papers.text.plain import clean
from rag.types import Paper


def with_universal_id(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record under its arXiv number or DOI, where it has one.

    The key of an entry, or the number of a database, means something in one file only.
    """
    fields = squashed(record)
    address = fields.get("url")
    doi, arxiv_id = known_ids(fields, paper_id="", address=url_value(address))
    named = {key: value for key, value in record.items() if key != "paper_id"}
    own = _as_written(fields.get("doi"), doi) if doi else None
    return {"paper_id": arxiv_id or own, **named} if arxiv_id or own else dict(record)


def made(
    record: Mapping[str, Any],
    *,
    name: str,
    source: str,
    line: int,
    remarks: Remarks,
    shown: str = "",
) -> Paper | Rejected:
    """The paper of a record, or why it is none; what was mended in it is noted.

    Args:
        record: values under names of `rag.papers.aliases`.
        name: what to call the file in messages.
        source: what `Paper.source` remembers.
        line: where the record begins.
        remarks: takes what was mended.
        shown: how the record begins, for a rejection; else its title is shown.
    """
    told: list[str] = []
    try:
        paper = paper_from(record, source=source, told=told)
    except UnusableRecordError as error:
        return Rejected(name, line, str(error), excerpt(shown or _title(record)))
    for what in dict.fromkeys((*told, *remarks_on(record))):
        remarks.add(what, where=f"line {line}")
    return paper


def _title(record: Mapping[str, Any]) -> str:
    title = record.get("title")
    return title if isinstance(title, str) else ""


def _as_written(given: Any, doi: str) -> str:
    """A DOI in the letters of the source."""
    text = clean(given) if isinstance(given, str) else ""
    return text[-len(doi) :] if text.casefold().endswith(doi) else doi
