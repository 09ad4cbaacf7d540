"""How the asker, or whatever else reads questions, does on utterances that it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.language.words import stems
from rag.question.slots import Slot
from rag.types import Filters

_NAMES = {"with_code": "code", "types": "type"}
_ORDERS = {"comments": "most_discussed", "upvotes": "most_upvoted"}


def as_written(filters: Filters) -> dict[str, Any]:
    """Filters with the names and values that `utterances.jsonl` has."""
    found: dict[str, Any] = {}
    for name in Filters.__slots__:
        value = getattr(filters, name)
        if value in (None, (), 0) or (name, value) == ("order", "relevance"):
            continue
        if name == "order":
            value = _ORDERS.get(filters.order, filters.order)
        found[_NAMES.get(name, name)] = list(value) if isinstance(value, tuple) else value
    return found


def same_filters(
    found: Mapping[str, Any], wanted: Mapping[str, Any], *, types: bool = True
) -> bool:
    """Whether two sets of filters mean the same: case and order of names aside."""
    left, right = _plain(found), _plain(wanted)
    if not types:
        left.pop("type", None)
        right.pop("type", None)
    return left == right


_DULL = frozenset(stems("papers studies work those ones anything"))


def _plain(filters: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in filters.items():
        if (name, value) == ("order", "relevance"):
            continue
        if isinstance(value, list):  # words to look for: "surveys" is "survey", "self-driving"
            words = [" ".join(sorted(set(stems(str(one))) - _DULL)) for one in value]
            value = sorted(
                word or str(one).casefold() for word, one in zip(words, value, strict=True)
            )
        plain[name] = value.casefold() if isinstance(value, str) else value
    return plain


def slot_counts(
    found: Sequence[Slot], wanted: Sequence[Slot], *, loose: bool = False
) -> tuple[int, int, int]:
    """(right, found, wanted) slots: the same label and stretch.

    `loose`: the same but for edge words that say nothing ("in 2023", "2023").
    """
    key = _loose if loose else (lambda slot: (slot.label, slot.text.strip()))
    left, right = [key(slot) for slot in found], [key(slot) for slot in wanted]
    hits = 0
    rest = list(right)
    for one in left:
        if one in rest:
            rest.remove(one)
            hits += 1
    return hits, len(left), len(right)


_EDGE = frozenset(
    """a an the in on of from by with at and or only just for to some any papers paper work works
    studies study ones first please that which is are""".split()
)


def _loose(slot: Slot) -> tuple[str, str]:
    words = slot.text.casefold().strip(" .,;:?!\"'()").split()
    while len(words) > 1 and words[0] in _EDGE:
        words.pop(0)
    while len(words) > 1 and words[-1] in _EDGE:
        words.pop()
    return slot.label, " ".join(words).strip(" .,;:?!\"'()")
