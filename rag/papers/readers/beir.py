"""Lines of a BEIR corpus: {"_id", "title", "text", "metadata"}.

Source: https://github.com/beir-cellar/beir/wiki/Load-your-custom-dataset
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.papers.fields import paper_from
from rag.types import Paper


def is_beir(record: Mapping[str, Any]) -> bool:
    """Whether a record names its abstract "text", beside an id and a title."""
    return "text" in record and "title" in record and ("_id" in record or "id" in record)


def paper_from_beir(
    record: Mapping[str, Any], *, source: str, told: list[str] | None = None
) -> Paper:
    """Make a paper of a corpus line; what its metadata name counts as fields of the record.

    Raises:
        UnusableRecordError: no text, or neither a title nor an id.
    """
    metadata = record.get("metadata")
    below = metadata if isinstance(metadata, Mapping) else {}
    return paper_from({**below, **record}, source=source, told=told)
