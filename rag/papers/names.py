"""Lists of authors, in the many ways that sources write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rag.papers.text import clean

_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
_OTHERS = frozenset({"others", "et al", "et al."})


def author_names(value: Any) -> tuple[str, ...]:
    """Names in reading order ("Ada Lovelace"), from a text, a list, or a list of parts.

    A text is split at ";", else at "and" and commas; "Lovelace, Ada" is turned round.
    """
    if isinstance(value, str):
        names = _split(clean(value))
    elif isinstance(value, Sequence):
        names = [_one_name(part) for part in value]
    else:
        names = []
    return tuple(name for name in names if name and name.casefold() not in _OTHERS)


def turned(name: str) -> str:
    """Turn "Last, First" to "First Last", "Last, Jr., First" to "First Last Jr."."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 2:
        return f"{parts[1]} {parts[0]}"
    if len(parts) == 3:
        return f"{parts[2]} {parts[0]} {parts[1]}"
    return clean(name).strip(" ,")


def _one_name(part: Any) -> str:
    if isinstance(part, str):
        return turned(clean(part))
    if isinstance(part, Mapping):
        fields = {
            str(name).casefold(): clean(text)
            for name, text in part.items()
            if isinstance(text, str)
        }
        first = fields.get("first") or fields.get("given") or fields.get("forename") or ""
        last = fields.get("last") or fields.get("family") or fields.get("lastname") or ""
        return fields.get("name") or fields.get("fullname") or f"{first} {last}".strip()
    if isinstance(part, Sequence):  # arXiv's authors_parsed: [last, first, suffix, ...]
        pieces = [clean(piece) for piece in part[:3] if isinstance(piece, str)]
        last, first, suffix = (*pieces, "", "", "")[:3]
        return " ".join(piece for piece in (first, last, suffix) if piece)
    return ""


def _split(text: str) -> list[str]:
    if ";" in text:
        return [turned(part) for part in text.split(";")]
    names: list[str] = []
    for part in _AND.split(text):
        names.extend(_split_at_commas(part))
    return names


def _split_at_commas(text: str) -> list[str]:
    """Commas stand between names, or between a last and a first name: see which.

    "A. Bell, C. Dow": each piece has several words. "Bell, A., Dow, C.": each second piece is
    initials. "Bell, Ada": one name. "Bell, Ada M. Dow, Carl": the comma after each last name only.
    """
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    if len(pieces) % 2 == 0 and all(_INITIALS.fullmatch(piece) for piece in pieces[1::2]):
        return [f"{first} {last}" for last, first in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(pieces) == 2 and not all(" " in piece for piece in pieces):
        return [turned(text)]
    if len(pieces) > 2 and " " not in pieces[0] and all(" " in piece for piece in pieces[1:-1]):
        between = [piece.rsplit(" ", 1) for piece in pieces[1:-1]]
        firsts = [*(first for first, _ in between), pieces[-1]]
        lasts = [pieces[0], *(last for _, last in between)]
        return [f"{first} {last}" for first, last in zip(firsts, lasts, strict=True)]
    return pieces
