"""What is told of an ingest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.papers import Merged, Rejected, Repair


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an ingest met and did.

    `added`, `updated` and `unchanged` count papers, each once, against the index as it was before;
    `read` counts records, so a paper on two pages is two of them. `embedded` counts passages that
    were sent to the encoder. `failures` are files that could not be read (to their end); `notes`
    are what was assumed. `merged` counts records that became one with a paper of another record;
    `merges`, `repairs` and `rejections` list the first of each; `told` says which source told of
    which paper, by its id. `rejects_path` is the file of the rejected records; None when there
    are none.
    """

    read: int = 0
    papers: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0
    embedded: int = 0
    seconds: float = 0.0
    rejects_path: Path | None = None
    notes: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()
    merged: int = 0
    merges: tuple[Merged, ...] = ()
    repairs: tuple[Repair, ...] = ()
    rejections: tuple[Rejected, ...] = ()
    told: frozenset[tuple[str, str]] = frozenset()
