"""What a question says of the papers themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Order = Literal[
    "relevance", "newest", "oldest", "comments", "upvotes", "most_authors", "fewest_authors"
]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question says of the papers themselves. None or (): not asked for.

    `date_min` and `date_max` are ISO days, both included; `year_min` and `year_max` stand where
    years are what was said. `authors`: all of them. `organization`: one, or several joined by
    " or ". `exclude`: what papers must not be about. `types`: kinds of papers ("surveys"), which
    are looked for in words. `limit`: how many papers at the most.
    """

    year_min: int | None = None
    year_max: int | None = None
    date_min: str | None = None
    date_max: str | None = None
    author_count_min: int | None = None
    author_count_max: int | None = None
    authors: tuple[str, ...] = ()
    organization: str | None = None
    with_code: bool | None = None
    exclude: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    upvotes_min: int | None = None
    comments_min: int | None = None
    limit: int | None = None
    order: Order = "relevance"
    undated_left_out: int = 0

    @property
    def asked(self) -> bool:
        """Whether anything is asked for: also an order, or how many."""
        return self.active or self.order != "relevance" or self.limit is not None

    @property
    def active(self) -> bool:
        """Whether any paper could be left out by these filters."""
        return any(
            value is not None
            for value in (
                self.year_min,
                self.year_max,
                self.date_min,
                self.date_max,
                self.author_count_min,
                self.author_count_max,
                self.authors or None,
                self.organization,
                self.with_code,
                self.exclude or None,
                self.upvotes_min,
                self.comments_min,
            )
        )
