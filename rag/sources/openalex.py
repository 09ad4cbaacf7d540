"""OpenAlex: works that its search or its filters find, those with an abstract.

Source: https://developers.openalex.org/guides/page-through-results (a cursor with a key, numbers of
pages without one), https://developers.openalex.org/api-reference/authentication
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.errors import FetchError, UsageError
from rag.sources.client import Client
from rag.sources.desk import Desk, json_of

PAGE = 100
KEYLESS = 10_000
"""Works of a query that can be had without a key."""
KEY = "OPENALEX_API_KEY"
_FILTER = re.compile(r"[a-z_.]+:[^\s,]+(?:,[a-z_.]+:[^\s,]+)*")
_SELECTED = (
    "id,doi,display_name,publication_date,authorships,primary_location,type,keywords,"
    "abstract_inverted_index,is_retracted"
)
_HELP: Mapping[int, str] = {
    400: "is the query one, or a filter as in openalex:author.id:A5023888391?",
    401: f"a key is free at openalex.org/settings/api: set {KEY}, or sources.openalex_key",
    403: f"a key is free at openalex.org/settings/api: set {KEY}, or sources.openalex_key",
    429: f"with a key of your own ({KEY}; free at openalex.org/settings/api) it gives more a day; "
    "what was fetched is kept: run it again tomorrow",
}


def from_openalex(words: str, desk: Desk) -> Iterator[Path]:
    """Works of a search ("chain of thought") or a filter ("author.id:A5023888391").

    Raises:
        UsageError: nothing is searched for.
        FetchError: OpenAlex does not answer as documented.
    """
    if not words:
        raise UsageError("a search is wanted, as in 'openalex:retrieval augmented generation'")
    settings = desk.settings
    key = settings.openalex_key or os.environ.get(KEY, "")
    most = settings.openalex_limit if key else min(settings.openalex_limit, KEYLESS)
    client = Client(timeout=settings.timeout)
    asked = _asked(words, desk)
    place = {"cursor": "*"} if key else {"page": "1"}
    done = 0
    while place:
        page = desk.reply(
            client,
            settings.openalex,
            {**asked, **place},
            check=_parts,
            secret={"api_key": key} if key else None,
            help=_HELP,
        )
        total, works, cursor = _parts(page.body)
        done += works
        desk.progress(done, min(total, most))
        if works:
            yield page.path
        place = _next(place, cursor) if works and done < min(total, most) else {}
    if total > done:
        more = "narrow the search, or raise sources.openalex_limit" + " with a key" * (not key)
        desk.on_note(f"openalex:{words}: {done:,} of {total:,} works were fetched; {more}")


def _asked(words: str, desk: Desk) -> dict[str, str]:
    filters = ["has_abstract:true"]
    if desk.since is not None:
        filters.append(f"from_publication_date:{desk.since}")
    asked = {"per_page": str(PAGE), "select": _SELECTED}
    if _FILTER.fullmatch(words):
        filters.append(words)
    else:
        asked["search"] = words
    return {**asked, "filter": ",".join(filters)}


def _next(place: Mapping[str, str], cursor: str | None) -> dict[str, str]:
    """Where the next page is, {} behind the last."""
    if "page" in place:
        return {"page": str(int(place["page"]) + 1)}
    return {"cursor": cursor} if cursor and cursor != place["cursor"] else {}


def _parts(body: bytes) -> tuple[int, int, str | None]:
    """How many works there are, how many are here, and where the next are.

    Raises:
        FetchError: it is no list of works.
    """
    tree: Any = json_of(body, what="OpenAlex")
    meta = tree.get("meta") if isinstance(tree, dict) else None
    works = tree.get("results") if isinstance(tree, dict) else None
    total = meta.get("count") if isinstance(meta, dict) else None
    if not isinstance(meta, dict) or not isinstance(works, list) or not isinstance(total, int):
        raise FetchError("OpenAlex sent no list of works: is its address right in the settings?")
    cursor = meta.get("next_cursor")
    return total, len(works), cursor if isinstance(cursor, str) else None
