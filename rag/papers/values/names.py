"""Lists of authors, in the many ways that sources write them."""

# ruff: noqa: RUF001 (the signs are the point)

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rag.papers.aliases import squashed
from rag.papers.text.markup import unmarked_text
from rag.papers.text.plain import clean
from rag.papers.text.tex import without_tex
from rag.papers.values.absent import is_absent

_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,4}")
_AND = re.compile(r",?\s+(?:and|&|et|und)\s+(?!al\b)", re.IGNORECASE)
_OTHERS = re.compile(
    r"(?:(?:and|&) )?(?:\d+ )?(?:others|more|additional authors)|(?:and )?et\.? al\.?|…|\.{3}|-+",
    re.IGNORECASE,
)
_ET_AL = re.compile(r"[,;]?\s+et\.? al\.?$", re.IGNORECASE)
# "Roe R", "van der Berg J.-P.": capitals alone behind the name, as PubMed and Scopus have them.
_LAST_FIRST = re.compile(r"(?P<last>.*[^\W\d_]{2}[^\s]*)\s(?P<first>(?:[A-Z]\.?-?){1,3})")
_NUMERALS = frozenset({"II", "III", "IV", "VI", "VII", "XII", "XIV", "XVI"})
# What stands behind a name: marks of affiliations, an affiliation or a number in brackets.
_BEHIND = re.compile(
    r"\s*(?:\([^()]*[^()\s]{2}[^()]*\)|\[[^\[\]]*\]|[¹²³⁰⁴-⁹*†‡§¶#]+[,¹²³⁰⁴-⁹*†‡§¶#]*)$"
)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|md|phd|esq)\.?", re.IGNORECASE)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LIST = re.compile(r"\s*\[.*\]\s*", re.DOTALL)
_LONGEST_LIST = 1_000_000
"""Characters of a written list of names that is taken apart."""
_NAME_KEYS = ("name", "fullname", "displayname", "literal", "rawauthorname", "collectivename")


def author_names(value: Any) -> tuple[str, ...]:
    """Names in reading order ("Ada Lovelace"), from a text, a list, or a list of parts.

    A text is split at ";" or "|" or line by line, else at "and" and commas; "Lovelace, Ada" is
    turned round, and so is "Lovelace A" where all names of a text are so.
    """
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        value = value[0] if _LIST.fullmatch(value[0]) else value  # a list written out in a list
    if isinstance(value, str):
        written = _written_list(value)
        names = _split(_said(value)) if written is None else [_one_name(part) for part in written]
    elif isinstance(value, Sequence):
        names = [_one_name(part) for part in value if not _is_editor(part)]
    elif isinstance(value, Mapping):
        names = [_one_name(value)]
    else:
        names = []
    return tuple(_initials_first([name for name in map(_bare, names) if _is_name(name)]))


def is_open(value: Any) -> bool:
    """Whether a list of authors says that it is not all of them: "Roe R, et al."."""
    parts = [value] if isinstance(value, str) else value if isinstance(value, Sequence) else ()
    texts = [part.strip() for part in parts if isinstance(part, str)]
    return any(_OTHERS.fullmatch(re.split(r"[,;|]|\band\b", text)[-1].strip(" .") or "x")
               or _ET_AL.search(text.strip(" .;,")) for text in texts[-1:])  # fmt: skip


def turned(name: str) -> str:
    """Turn "Last, First" to "First Last", "Last, Jr., First" to "First Last Jr."."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    if len(parts) == 2:
        suffix = _SUFFIX.fullmatch(parts[1])
        return f"{parts[0]} {parts[1]}" if suffix else f"{parts[1]} {parts[0]}"
    if len(parts) == 3:
        if _SUFFIX.fullmatch(parts[2]) and not _SUFFIX.fullmatch(parts[1]):
            return f"{parts[1]} {parts[0]} {parts[2]}"
        return f"{parts[2]} {parts[0]} {parts[1]}"
    return clean(name).strip(" ,")


def _said(text: str) -> str:
    """A name without markup and TeX."""
    return without_tex(unmarked_text(text))


def _bare(name: str) -> str:
    """A name without what stands behind it."""
    for _ in range(3):
        name = _BEHIND.sub("", name).strip(" ,;")
    return _ET_AL.sub("", name)


def _is_name(name: str) -> bool:
    return bool(name) and not _OTHERS.fullmatch(name.strip(".") or "-") and not is_absent(name)


def _initials_first(names: list[str]) -> Iterable[str]:
    found = [_LAST_FIRST.fullmatch(name) for name in names]
    turn = all(found) and not all(name.rsplit(" ", 1)[-1] in _NUMERALS for name in names)
    return [f"{one['first']} {one['last']}" for one in found if one] if turn else names


def _written_list(text: str) -> list[Any] | None:
    """The items of a list written out as Python or JSON does: "['A', 'B']"."""
    if not _LIST.fullmatch(text) or len(text) > _LONGEST_LIST or text.count("[") > 10_000:
        return None
    try:
        found = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return list(found) if isinstance(found, list) else None


def _is_editor(part: Any) -> bool:
    """Whether a part says that it is no author's: Zotero lists all who had a hand in it."""
    if not isinstance(part, Mapping):
        return False
    role = part.get("creatorType") or part.get("role") or ""
    return isinstance(role, str) and role.casefold() in {"editor", "translator", "serieseditor"}


def _one_name(part: Any) -> str:
    if isinstance(part, str):
        return turned(clean(_said(part)))
    if isinstance(part, Mapping):
        return _of_fields(squashed(part))
    if isinstance(part, Sequence):  # arXiv's authors_parsed: [last, first, suffix, ...]
        pieces = [clean(piece) for piece in part[:3] if isinstance(piece, str)]
        last, first, suffix = (*pieces, "", "", "")[:3]
        return " ".join(piece for piece in (first, last, suffix) if piece)
    return ""


def _of_fields(fields: Mapping[str, Any]) -> str:
    """A name in parts, as CSL, PubMed, OpenAlex and many others have them."""
    below = fields.get("author")
    if isinstance(below, Mapping) and (name := _of_fields(squashed(below))):
        return name

    def said(*names: str) -> str:
        texts = (fields.get(name) for name in names)
        return next(
            (clean(_said(text)) for text in texts if isinstance(text, str) and text.strip()), ""
        )

    first = said("first", "given", "forename", "firstname", "givenname", "givennames", "initials")
    last = said("last", "family", "lastname", "familyname", "surname")
    particles = said("droppingparticle"), said("nondroppingparticle")
    parts = (first, *particles, last, said("suffix"))
    whole = " ".join(part for part in parts if part) if last else ""
    return said("literal") or whole or turned(said(*_NAME_KEYS)) or first


def _split(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    wrapped = any(line.endswith(",") or _AND.search(f" {line}") for line in lines[:-1])
    if len(lines) > 1 and not wrapped and ";" not in text and "|" not in text:
        return [turned(clean(line)) for line in lines]
    text = clean(text)
    for sign in (";", "|"):
        if sign in text:
            return [turned(_bare(part.strip())) for part in text.split(sign)]
    names: list[str] = []
    for part in _AND.split(_ET_AL.sub("", text)):
        names.extend(_split_at_commas(part))
    return names


def _are_initials(text: str) -> bool:
    """Whether a text is "A.", "C.-P.", "JM" or "a.b.": capitals, or letters with a dot each."""
    if not _INITIALS.fullmatch(text):
        return False
    letters = [letter for letter in text if letter.isalpha()]
    return all(map(str.isupper, letters)) or text.count(".") == len(letters)


def _split_at_commas(text: str) -> list[str]:
    """Commas stand between names, or between a last and a first name: see which.

    "A. Bell, C. Dow": each piece has several words. "Bell, A., Dow, C.": each second piece is
    initials. "Bell, Ada": one name. "Bell, Ada M. Dow, Carl": the comma after each last name only.
    """
    if _UNSPACED.search(text):  # names without spaces in them
        return [piece.strip() for piece in re.split(r"[,，、]", text) if piece.strip()]
    pieces = [piece.strip() for piece in text.split(",") if piece.strip()]
    for place in range(len(pieces) - 1, 0, -1):  # "King, Jr." is one
        if _SUFFIX.fullmatch(pieces[place]) and " " in pieces[place - 1]:
            pieces[place - 1 : place + 1] = [f"{pieces[place - 1]} {pieces[place]}"]
    if len(pieces) % 2 == 0 and all(_are_initials(piece) for piece in pieces[1::2]):
        return [f"{first} {last}" for last, first in zip(pieces[::2], pieces[1::2], strict=True)]
    if len(pieces) == 2 and not all(" " in piece for piece in pieces):
        return [turned(text)]
    if len(pieces) > 2 and " " not in pieces[0] and all(" " in piece for piece in pieces[1:-1]):
        between = [piece.rsplit(" ", 1) for piece in pieces[1:-1]]
        firsts = [*(first for first, _ in between), pieces[-1]]
        lasts = [pieces[0], *(last for _, last in between)]
        return [f"{first} {last}" for first, last in zip(firsts, lasts, strict=True)]
    return pieces
