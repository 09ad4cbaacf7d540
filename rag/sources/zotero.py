"""Zotero on this machine: a library or a collection by name, from its local interface.

Nothing leaves the machine, and Zotero is asked anew each time: four kinds of question that are no
reason for a library.
Source: https://www.zotero.org/support/dev/web_api/v3/local_api and .../basics
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import FetchError, UsageError
from rag.sources.client import Client
from rag.sources.desk import Desk, json_of

PAGE = 100
OWN = "My Library"
"""How Zotero calls the library of its user."""
_MOST_PAGES = 10_000
_NO_PAPERS = frozenset({"attachment", "note", "annotation"})
_STEPS = (
    "start Zotero, and tick Settings > Advanced > Allow other applications on this computer to "
    "communicate with Zotero"
)
_HELP: Mapping[int, str] = {0: _STEPS, 403: _STEPS, 404: _STEPS}


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A library or a collection: what it is called, and the address of its items."""

    name: str
    path: str


def from_zotero(words: str, desk: Desk) -> Iterator[Path]:
    """The items of the user's library, or of the libraries and collections of a name.

    "Group/Collection" names a collection in a library; collections in a collection count.

    Raises:
        UsageError: there is none of that name, or a day was given.
        FetchError: Zotero does not answer as documented.
    """
    if desk.since is not None:
        raise UsageError("zotero: has no --since; all of it is read, and what is known is skipped")
    client = Client(timeout=desk.settings.timeout, headers={"zotero-api-version": "3"})
    done = 0
    seen: set[str] = set()
    for shelf in _shelves(client, words, desk):
        for items in _pages(client, f"{shelf.path}/items/top", desk):
            papers = [item for item in items if _is_new(item, seen)]
            done += len(papers)
            desk.progress(done, None)
            if papers:
                body = json.dumps(papers).encode()
                asked = f"{shelf.path}: {papers[0].get('key')}"
                yield desk.replies.keep(asked, body, today=desk.today, final=False)


def _shelves(client: Client, words: str, desk: Desk) -> list[_Shelf]:
    """What a name means: all of a library, or collections with those below them."""
    if not words or words.casefold() == OWN.casefold():
        return [_Shelf(OWN, "users/0")]
    known = {OWN: "users/0"}
    for group in _all(client, "users/0/groups", desk):
        known[_name(group)] = f"groups/{group.get('id')}"
    wanted = words.casefold()
    found = [_Shelf(name, path) for name, path in known.items() if name.casefold() == wanted]
    names: list[str] = list(known)
    for library, path in known.items():
        collections = _all(client, f"{path}/collections", desk)
        for one in collections:
            name = _name(one)
            names.append(name)
            if wanted in (name.casefold(), f"{library}/{name}".casefold()):
                found += [
                    _Shelf(_name(below), f"{path}/collections/{below.get('key')}")
                    for below in _with_below(one, collections)
                ]
    if not found:
        shown = ", ".join(sorted(set(names))[:12])
        raise UsageError(f"Zotero has no library or collection of that name; it has {shown}")
    return found


def _with_below(
    top: Mapping[str, Any], collections: Sequence[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """A collection and those in it, however deep."""
    ahead, seen = [top], set[str]()
    while ahead:
        one = ahead.pop()
        key = str(one.get("key"))
        if key in seen:
            continue
        seen.add(key)
        yield one
        ahead += [below for below in collections if _data(below).get("parentCollection") == key]


def _is_new(item: Mapping[str, Any], seen: set[str]) -> bool:
    """Whether an item is a paper that no shelf before had."""
    key = f"{_data(item).get('key', item.get('key'))}"
    library = item.get("library")
    key += f"@{library.get('id')}" if isinstance(library, Mapping) else ""
    if _data(item).get("itemType") in _NO_PAPERS or key in seen:
        return False
    seen.add(key)
    return True


def _all(client: Client, path: str, desk: Desk) -> list[dict[str, Any]]:
    return [one for page in _pages(client, path, desk) for one in page]


def _pages(client: Client, path: str, desk: Desk) -> Iterator[list[dict[str, Any]]]:
    """The pages of a listing; the last is the first that is not full."""
    url = f"{desk.settings.zotero.rstrip('/')}/{path}"
    before: list[dict[str, Any]] = []
    for number in range(_MOST_PAGES):
        asked = {"format": "json", "limit": str(PAGE), "start": str(number * PAGE)}
        page = json_of(client.get(url, asked, help=_HELP), what="Zotero")
        if not isinstance(page, list) or not all(isinstance(one, dict) for one in page):
            raise FetchError(f"what answers at {desk.settings.zotero} is not Zotero; {_STEPS}")
        if page and page == before:  # it knows no pages, and sends all each time
            return
        yield page
        if len(page) != PAGE:
            return
        before = page


def _data(one: Mapping[str, Any]) -> Mapping[str, Any]:
    data = one.get("data")
    return data if isinstance(data, Mapping) else {}


def _name(one: Mapping[str, Any]) -> str:
    return str(_data(one).get("name") or one.get("name") or "")
