"""arXiv: papers of a category by the month they were submitted in, from its Atom interface.

Pages are asked for in the order of submission, so that what is behind us stays where it is.
Source: https://info.arxiv.org/help/api/user-manual.html, https://info.arxiv.org/help/api/tou.html
(one question in three seconds, one connection).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from rag.errors import FetchError, UsageError
from rag.papers.values.identifiers import arxiv_id_of
from rag.sources.client import Client
from rag.sources.desk import Desk, Reply

PAGE = 500
"""Papers asked for at once; 2,000 are allowed, 1,000 and more are slow."""
MOST = 30_000
"""Papers that arXiv gives of one question: a category has a tenth of that in a month."""
_SETTLED = timedelta(days=7)
"""What was submitted so long ago has been announced, over holidays too."""
_UNASKED = timedelta(days=30)
_OLDEST = date(1991, 7, 1)
_EMPTY_TRIES = 3
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]{2,3}(?:-[a-z]+)?)?")
_TOTAL = re.compile(rb"<(?:\w+:)?totalResults[^>]*>\s*(\d{1,9})\s*<")
_ENTRY = re.compile(rb"<entry[\s>]")
_SUBMITTED = re.compile(rb"<published>\s*(\d{4}-\d{2}-\d{2})")
_ERROR = re.compile(rb"<id>\s*https?://arxiv\.org/api/errors#?([^<]{0,200})")


def from_arxiv(words: str, desk: Desk) -> Iterator[Path]:
    """Papers of a category ("cs.CL"), or those of ids ("2106.12345,2106.12346").

    Raises:
        UsageError: it is neither.
        FetchError: arXiv does not answer as documented.
    """
    client = Client(pause=desk.settings.arxiv_pause, timeout=desk.settings.timeout)
    ids = [arxiv_id_of(part) for part in re.split(r"[,\s]+", words) if part]
    if ids and all(ids):
        asked = {"id_list": ",".join(filter(None, ids)), "max_results": str(len(ids))}
        page = desk.reply(client, desk.settings.arxiv, asked, check=_check)
        yield from [page.path] * (count(page.body) > 0)
        return
    if not _CATEGORY.fullmatch(words):
        raise UsageError("a category of arXiv is wanted, as in arxiv:cs.CL, or ids of papers")
    since = desk.since
    if since is None:
        since = desk.today - _UNASKED
        desk.on_note(f"arxiv:{words}: papers since {since}; --since YYYY-MM-DD takes others")
    done = 0
    for first, last in _months(since, desk.today):
        for page in _window(client, words, first, last, desk):
            done += count(page.body)
            desk.progress(done, None)
            yield page.path


def count(body: bytes) -> int:
    """How many papers a page has."""
    return len(_ENTRY.findall(body))


def _window(client: Client, category: str, first: date, last: date, desk: Desk) -> Iterator[Reply]:
    """The pages of the papers that were submitted in a span of days."""
    query = f"cat:{category} AND submittedDate:[{first:%Y%m%d}0000 TO {last:%Y%m%d}2359]"
    start = 0
    while start < MOST:
        page = _page(client, query, start, last=last, desk=desk)
        found = count(page.body)
        if found == 0:
            return
        start += found
        yield page
        if found < PAGE and start >= _total(page.body):  # a full one, kept, may have more by now
            return


def _page(client: Client, query: str, start: int, *, last: date, desk: Desk) -> Reply:
    """A page of a listing; arXiv at times sends one without papers where there are some."""

    def settled(body: bytes) -> bool:
        return _is_settled(body, start=start, last=last, today=desk.today)

    asked = {
        "search_query": query,
        "start": str(start),
        "max_results": str(PAGE),
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
    }
    for tried in range(_EMPTY_TRIES):
        page = desk.reply(
            client, desk.settings.arxiv, asked, check=_check, final=settled, kept=tried == 0
        )
        if count(page.body) or start >= _total(page.body):
            return page
    raise FetchError(
        f"arXiv says that it has {_total(page.body):,} papers and sends none from number "
        f"{start + 1:,} on; what was fetched is kept: run it again later"
    )


def _is_settled(body: bytes, *, start: int, last: date, today: date) -> bool:
    """Whether a page will stay: no paper can come before its end, nor behind it."""
    found = count(body)
    if found == 0 and start < _total(body):
        return False
    ends = last
    if start + found < _total(body) or found == PAGE:  # others come behind it
        try:
            ends = date.fromisoformat(_SUBMITTED.findall(body)[-1].decode())
        except (IndexError, ValueError):
            return False
    return ends + _SETTLED < today


def _months(since: date, today: date) -> Iterator[tuple[date, date]]:
    """The first and last days of each month from a day on: whole ones, to be asked for again."""
    first = max(since, _OLDEST)
    while first <= today:
        after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield first, after - timedelta(days=1)
        first = after


def _total(body: bytes) -> int:
    found = _TOTAL.search(body)
    return int(found[1]) if found else 0


def _check(body: bytes) -> None:
    if error := _ERROR.search(body):
        said = error[1].decode("utf-8", "replace").replace("_", " ")
        raise FetchError(f"arXiv cannot answer ({said}): is the category or the id one of its own?")
    if b"<feed" not in body or not body.rstrip().endswith(b"</feed>"):
        raise FetchError("arXiv sent no feed to its end; what was fetched is kept: run it again")
