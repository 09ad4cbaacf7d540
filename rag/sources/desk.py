"""What a source works with: its settings, the day, and replies that are kept or fetched."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from rag.config import SourcesConfig
from rag.errors import FetchError
from rag.sources.client import Client
from rag.sources.replies import Replies

Final = Callable[[bytes], bool]
"""Whether a reply will never be another."""
Check = Callable[[bytes], Any]
"""Raises `FetchError` where a reply is not what the service documents; it is not kept then."""


class Reply(NamedTuple):
    """A reply: where it is kept, and its bytes."""

    path: Path
    body: bytes


@dataclass(frozen=True, slots=True)
class Desk:
    """Asks for a source what is not kept.

    `since`: the first day wanted; None: what the source thinks fit. `progress` is told how many
    records came and of how many (None: unknown), `on_note` what was assumed.
    """

    settings: SourcesConfig
    replies: Replies
    since: date | None = None
    today: date = field(default_factory=lambda: datetime.now(UTC).date())
    progress: Callable[[int, int | None], None] = lambda done, total: None
    on_note: Callable[[str], None] = lambda note: None

    def reply(
        self,
        client: Client,
        url: str,
        params: Mapping[str, str],
        *,
        check: Check,
        final: Final = lambda body: False,
        secret: Mapping[str, str] | None = None,
        help: Mapping[int, str] | None = None,
        kept: bool = True,
    ) -> Reply:
        """The reply to a question, from what is kept or from the service.

        Args:
            client: asks the service.
            url: its address.
            params: what is asked; two questions with the same are one.
            check: holds the reply to what is documented.
            final: whether it will never be another; else it is kept for the day.
            secret: what is asked with, and is not part of the question.
            help: what to do next, by status.
            kept: False asks the service even where a reply is kept.

        Raises:
            FetchError: there is no such reply.
        """
        asked = f"{url}?{urlencode(sorted(params.items()))}"
        if kept and (found := self.replies.find(asked, today=self.today)) is not None:
            return Reply(*found)
        body = _asked(client, url, params, secret=secret or {}, help=help or {})
        check(body)
        try:
            path = self.replies.keep(asked, body, today=self.today, final=final(body))
        except OSError as error:
            raise FetchError(
                f"a reply cannot be kept beside the index ({error}): make room, or check the "
                "rights of its folder"
            ) from error
        return Reply(path, body)


def _asked(
    client: Client,
    url: str,
    params: Mapping[str, str],
    *,
    secret: Mapping[str, str],
    help: Mapping[int, str],
) -> bytes:
    """The body of a reply; a service that repeats a secret is not repeated."""
    try:
        return client.get(url, {**params, **secret}, help=help)
    except FetchError as error:
        said = str(error)
        for value in secret.values():
            said = said.replace(value, "...")
        raise FetchError(said) from None


def json_of(body: bytes, *, what: str) -> Any:
    """What is in a reply in JSON.

    Raises:
        FetchError: it is none.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FetchError(
            f"{what} sent no JSON ({error}): is its address right in the settings?"
        ) from error
