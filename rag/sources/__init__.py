"""Papers from where they live, fetched when the user names a source, and only then.

`fetch("arxiv:cs.CL", desk)` keeps the replies of a service as files that `rag.papers` reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import FetchError, UsageError
from rag.sources.arxiv import from_arxiv
from rag.sources.daily import from_daily
from rag.sources.desk import Desk
from rag.sources.openalex import from_openalex
from rag.sources.zotero import from_zotero

SOURCES: Mapping[str, Callable[[str, Desk], Iterator[Path]]] = {
    "arxiv": from_arxiv,
    "openalex": from_openalex,
    "daily": from_daily,
    "zotero": from_zotero,
}
"""What fetches from a source, by the word before the colon."""

__all__ = ["SOURCES", "Desk", "Fetched", "fetch", "is_source"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a source: its name, its replies as files, and why these are not all.

    `failure` is "" where all came; what came before it is whole, and can be read.
    """

    name: str
    pages: tuple[Path, ...]
    failure: str = ""


def is_source(name: str) -> bool:
    """Whether a name means a source, and not a file: "arxiv:cs.CL", where no such file is."""
    word, colon, _ = name.partition(":")
    # Not `Path.exists`, which raises where a name is too long for a file.
    return bool(colon) and word in SOURCES and not os.path.exists(name)  # noqa: PTH110


def fetch(name: str, desk: Desk) -> Fetched:
    """Fetch what is not kept yet of a source.

    Args:
        name: for which `is_source` holds.
        desk: asks, waits and keeps.

    Raises:
        UsageError: what is behind the colon means nothing there; nothing was asked yet.
    """
    word, _, rest = name.partition(":")
    pages: list[Path] = []
    try:
        for page in SOURCES[word](rest.strip(), desk):
            pages.append(page)
    except FetchError as error:
        return Fetched(name, tuple(pages), f"{name}: {error}")
    except UsageError as error:
        raise UsageError(f"{name!r}: {error}") from error
    return Fetched(name, tuple(pages))
