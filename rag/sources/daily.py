"""The daily papers of the Hugging Face hub: the list of a day, or of each day since one.

Source: https://huggingface.co/.well-known/openapi.json (/api/daily_papers)
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rag.errors import FetchError, UsageError
from rag.sources.client import Client
from rag.sources.desk import Desk, json_of

PAGE = 100
_MOST_PAGES = 20  # a day has a hundred papers at the most
_SETTLED = timedelta(days=7)  # people comment and vote for some days
_FIRST = date(2023, 5, 4)  # there are none before


def from_daily(words: str, desk: Desk) -> Iterator[Path]:
    """The papers of a day ("2026-11-28"); of each day since `desk.since`, or today's, without one.

    Raises:
        UsageError: it is no day, or one to come.
        FetchError: the hub does not answer as documented.
    """
    days = _days(words, desk)
    client = Client(pause=desk.settings.daily_pause, timeout=desk.settings.timeout)
    for place, day in enumerate(days):
        yield from _of_day(client, day, desk)
        desk.progress(place + 1, len(days))


def _of_day(client: Client, day: date, desk: Desk) -> Iterator[Path]:
    before = b""
    for page in range(_MOST_PAGES):
        reply = desk.reply(
            client,
            desk.settings.daily,
            {"date": day.isoformat(), "limit": str(PAGE), "p": str(page)},
            check=_papers,
            final=lambda _: day + _SETTLED < desk.today,
            help={400: "is it a day on which there were daily papers?"},
        )
        found = _papers(reply.body)
        if reply.body == before:  # it knows no pages, and sends the same each time
            return
        before = reply.body
        if found:
            yield reply.path
        if len(found) < PAGE:
            return


def _days(words: str, desk: Desk) -> list[date]:
    if not words:
        first = max(desk.since or desk.today, _FIRST)
        return [first + timedelta(days=n) for n in range((desk.today - first).days + 1)]
    if desk.since is not None:
        raise UsageError("a day, or --since with daily: alone, not both")
    try:
        day = date.fromisoformat(words)
    except ValueError as error:
        raise UsageError("a day is wanted, as in daily:2026-11-28") from error
    if not _FIRST <= day <= desk.today:
        raise UsageError(f"there are daily papers from {_FIRST} to {desk.today}")
    return [day]


def _papers(body: bytes) -> list[Any]:
    found = json_of(body, what="The hub")
    if not isinstance(found, list):
        raise FetchError("the hub sent no list of papers: is its address right in the settings?")
    return found
