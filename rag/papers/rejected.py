"""What a reader says of a record that it could not take."""

from __future__ import annotations

from dataclasses import dataclass

EXCERPT = 80  # characters: enough to find the place, little enough for one line of a report


class UnusableRecordError(ValueError):
    """A record cannot become a paper; the message is the reason. Readers turn it to `Rejected`."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was left out: where it stands, why, and how it begins.

    `path` is the name the user gave, `line` counts from 1.
    """

    path: str
    line: int
    reason: str
    excerpt: str = ""

    def __str__(self) -> str:
        shown = f": {self.excerpt!r}" if self.excerpt else ""
        return f"{self.path}, line {self.line}: {self.reason}{shown}"


def excerpt(text: str) -> str:
    """The first characters of a text, on one line, safe to show in a terminal."""
    shown = " ".join(text[: 4 * EXCERPT].split())
    shown = "".join(character for character in shown if character.isprintable())
    return shown if len(shown) <= EXCERPT else shown[: EXCERPT - 1].rstrip() + "…"
