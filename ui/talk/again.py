"""A chip removed or changed: the same question asked again, read as the person says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from rag.errors import UsageError
from rag.language.numerals import whole
from rag.types import KINDS, Answer, Filters, Kind, Order
from ui.talk.desk import Ask

# What goes with the chip of this name (ui/html/chips.py).
_FIELDS_OF: Mapping[str, tuple[str, ...]] = {
    "year": ("year_min", "year_max"),
    "date": ("date_min", "date_max"),
    "authors": ("authors",),
    "exclude": ("exclude",),
    "upvotes": ("upvotes_min",),
    "comments": ("comments_min",),
    "limit": ("limit",),
    "author_count": ("author_count_min", "author_count_max"),
    "organization": ("organization",),
    "with_code": ("with_code",),
    "order": ("order",),
}
ORDERS: tuple[Order, ...] = get_args(Order)
_LONGEST = 10_000


def without(answer: Answer, chip: str) -> Ask:
    """The question again, without one of its filters.

    Raises:
        UsageError: there is no such chip.
    """
    if chip not in _FIELDS_OF:
        raise UsageError(f"there is no filter {chip!r}; there are {', '.join(_FIELDS_OF)}")
    plain = Filters()
    changes: dict[str, Any] = {name: getattr(plain, name) for name in _FIELDS_OF[chip]}
    filters = replace(answer.filters, undated_left_out=0, **changes)
    return Ask(question=answer.standalone_question, filters=filters, kind=answer.kind)


def changed(answer: Answer, form: Mapping[str, str]) -> Ask:
    """The question again, with what the form under the chips says.

    Raises:
        UsageError: a number that is none, a range that ends before it begins.
    """
    filters = replace(
        answer.filters,
        undated_left_out=0,
        year_min=_number(form, "year_min", low=1000, high=3000),
        year_max=_number(form, "year_max", low=1000, high=3000),
        author_count_min=_number(form, "author_count_min", low=0, high=100_000),
        author_count_max=_number(form, "author_count_max", low=0, high=100_000),
        organization=form.get("organization", "").strip()[:200] or None,
        with_code={"yes": True, "no": False}.get(form.get("with_code", "")),
        order=_order(form.get("order", "")),
    )
    for low, high in (
        (filters.year_min, filters.year_max),
        (filters.author_count_min, filters.author_count_max),
    ):
        if low is not None and high is not None and low > high:
            raise UsageError(f"the range {low} to {high} ends before it begins")
    question = form.get("question", "").strip()[:_LONGEST] or answer.standalone_question
    return Ask(question=question, filters=filters, kind=_kind(form.get("kind", ""), answer.kind))


def _number(form: Mapping[str, str], name: str, *, low: int, high: int) -> int | None:
    words = form.get(name, "").strip()
    if not words:
        return None
    number = whole(words, least=low, most=high)
    if number is None:
        raise UsageError(
            f"{name.replace('_', ' ')}: {words[:20]!r} is not between {low} and {high}"
        )
    return number


def _kind(words: str, otherwise: Kind) -> Kind:
    return next((kind for kind in KINDS if kind == words), otherwise)


def _order(words: str) -> Order:
    return next((order for order in ORDERS if order == words), "relevance")
