"""The corpus as a person handles it: browse, search, add files, remove a source, the map."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import InputError, QuothError
from rag.language.sane import visible
from rag.types import Filters, Hit, Paper
from ui.private import copy_private, private_folder
from ui.talk.plots import Point, kept_coordinates
from ui.talk.site import Site
from ui.talk.uploads import shelf_name

UPLOADS = "uploads"
PAGE_SIZE = 20
# A search beyond so many papers is browsing; the ranking behind that says little.
_SEARCHED = 100
_ORDERS: Mapping[str, tuple[Callable[[Paper], Any], bool]] = {
    "newest": (lambda paper: paper.date or "", True),
    "oldest": (lambda paper: paper.date or "9999", False),
    "comments": (lambda paper: paper.comments or 0, True),
    "title": (lambda paper: paper.title.casefold(), False),
}
ORDER_NAMES: tuple[str, ...] = tuple(_ORDERS)
# One projection at a time: it keeps all processors busy, and a second would compute the same.
_projecting = threading.Lock()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the list of papers. `hits` holds the scores where words were searched for."""

    papers: Sequence[Paper]
    page: int
    pages: int
    total: int
    hits: Sequence[Hit] = ()


def shelf(
    site: Site, *, words: str, year_min: int | None, year_max: int | None, order: str, page: int
) -> Shelf:
    """The papers that match, without asking the language model.

    Args:
        site: the site.
        words: what to search for; "" lists all.
        year_min: the first year wanted.
        year_max: the last year wanted.
        order: one of `ORDER_NAMES`, for lists; a search is ordered by its scores.
        page: which page, from 1; out of range gives the nearest there is.
    """
    hits: list[Hit] = []
    if words.strip():
        filters = Filters(year_min=year_min, year_max=year_max)
        hits = site.assistant.search(words, k=_SEARCHED, filters=filters)
        papers = [hit.paper for hit in hits]
    else:
        key, backwards = _ORDERS.get(order, _ORDERS["newest"])
        within = (
            paper for paper in site.assistant.papers() if _within(paper.year, year_min, year_max)
        )
        papers = sorted(within, key=key, reverse=backwards)
    pages = max(1, -(-len(papers) // PAGE_SIZE))
    page = min(max(1, page), pages)
    first = (page - 1) * PAGE_SIZE
    return Shelf(papers[first : first + PAGE_SIZE], page, pages, len(papers), hits)


def _within(year: int | None, low: int | None, high: int | None) -> bool:
    if low is None and high is None:
        return True
    return year is not None and (low is None or year >= low) and (high is None or year <= high)


def add_files(
    site: Site,
    files: Sequence[str],
    *,
    owner: str,
    page_year: int | None,
    progress: Callable[[str, int, int | None], None],
    stop: threading.Event | None = None,
) -> tuple[Any, list[dict[str, Any]]]:
    """Keep uploaded files in the index folder, ingest them, and open the index as it is then.

    Args:
        site: the site.
        files: what this person has uploaded.
        owner: who adds them.
        page_year: the year of dates that have none.
        progress: told how far it is.
        stop: ends it; nothing is added then.

    Returns:
        The ingest's report, and its rejected records.

    Raises:
        InputError: no file was given, or one that this person has not uploaded.
        StoppedError: `stop` was set.
        QuothError: the ingest could not be done; nothing that was indexed is lost.
    """
    if not files:
        raise InputError("choose a file first: a page of papers, JSONL, CSV or BibTeX")
    if not all(site.uploads.is_own(owner, file) for file in files):
        raise InputError("a file is not here any more; choose it again")
    kept = _places(kept_folder(site, owner), [Path(file).name for file in files])
    fresh = [place for place in kept if not place.exists()]
    for file, place in zip(files, kept, strict=True):
        copy_private(Path(file), place)
    try:
        report = site.make_ingestor().run(kept, page_year=page_year, progress=progress, stop=stop)
    except QuothError:
        for place in fresh:  # of which nothing is in the index
            place.unlink(missing_ok=True)
        raise
    site.uploads.added(files)
    rejected = _read_rejected(report.rejects_path)
    site.loader.reopen()
    return report, rejected


def kept_folder(site: Site, owner: str) -> Path:
    """Where somebody's uploads are kept: another's of the same name are another file."""
    return private_folder(private_folder(site.folder / UPLOADS).resolve() / shelf_name(owner))


def _places(folder: Path, names: Sequence[str]) -> list[Path]:
    """Where files go; of several with one name, the later ones get a number before it."""
    places: list[Path] = []
    for name in names:
        place, number = folder / name, 1
        while place in places:
            number += 1
            place = folder / f"{number}-{name}"
        places.append(place)
    return places


def remove_source(site: Site, name: str) -> Any:
    """Take a source's papers out of the index and open it as it is then.

    Raises:
        UsageError: there is no such source.
        QuothError: the index could not be changed; it is as before.
    """
    named = site.assistant.info()["sources"]
    name = next((known for known in named if visible(known) == name), name)  # as the page shows it
    report = site.make_ingestor().remove_source(name)
    upload = Path(name).resolve()
    if upload.is_relative_to((site.folder / UPLOADS).resolve()):
        upload.unlink(missing_ok=True)
    site.loader.reopen()
    return report


def map_points(site: Site) -> list[Point]:
    """Where each paper lies on the map; computed when the index is first looked at so."""
    assistant = site.assistant
    papers = assistant.papers()
    fingerprint = str(assistant.info()["fingerprint"])
    with _projecting:
        places = kept_coordinates(
            site.folder / "map.npz", fingerprint=fingerprint, vectors=lambda: _vectors(assistant)
        )
    return [
        Point(paper.paper_id, paper.title, float(x), float(y))
        for paper, (x, y) in zip(papers, places, strict=True)
    ]


def last_change(folder: Path) -> str:
    """When the index last changed, in local time; "" when that cannot be told."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        return ""
    return datetime.fromtimestamp(manifest.stat().st_mtime).astimezone().strftime("%Y-%m-%d %H:%M")


def _vectors(assistant: Any) -> NDArray[np.float32]:
    """(n, dim) float32: the vector of each paper's whole abstract, in the order of `papers()`."""
    corpus = assistant.corpus
    return np.stack([corpus.vectors(index)[0] for index in range(len(corpus))])


def _read_rejected(path: Path | None) -> list[dict[str, Any]]:
    if path is None or not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
