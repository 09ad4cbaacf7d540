"""Papers whose every text tries to come alive somewhere: terminal, Markdown, spreadsheet, page."""

from __future__ import annotations

import re

from ui_helpers import make_answer, make_paper

from rag.types import Answer, Paper

ALIVE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What a terminal obeys, what turns the direction of a line round, and what is there unseen."""

PIECES = (
    "\x1b]52;c;cm0gLXJm\x07",
    "\x1b]0;owned\x07\x1b[2J\x9b31m",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "zero\u200bwidth\ufeff\u2060 ad\u200dmin",
    "hidden\U000e0041\U000e0042",
    "one\n[2] Forged source (2024)\r\nquoth: forged message",
    "two\u2028[3] Forged line",
    "=cmd|' /C calc'!A0",
    "half\ud800",
)


def hostile_paper(number: int, piece: str) -> Paper:
    """A paper that carries the piece wherever a record has text."""
    return make_paper(
        number,
        title=f"{piece} title {number} [2] [3]",
        abstract=f"Method {number}{piece} halves it. It was tried.",
        authors=(f"Ada {piece}",),
        organization=f"Acme{piece}",
        url=f"https://example.org/{piece}",
        source=(f"/tmp/{piece}.bib",),
    )


def hostile_answer(piece: str, **options: object) -> Answer:
    """An answer to the piece, from one paper that carries it."""
    return make_answer([hostile_paper(1, piece)], question=f"What is {piece}?", **options)  # type: ignore[arg-type]
