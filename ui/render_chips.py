"""How a question was understood, as chips: kind, filters, the question as it stands alone."""

from __future__ import annotations

from dataclasses import fields

from markupsafe import Markup

from rag.types import Answer, Filters, Understood
from ui.markup import EMPTY, isolated, join

KIND_WORDS = {
    "list": "a list of papers",
    "fact": "a fact",
    "compare": "a comparison",
    "paper": "one paper",
}
_ORDER_WORDS = {
    "newest": "newest first",
    "oldest": "oldest first",
    "comments": "most commented first",
}


def chips_html(understood: Answer | Understood, *, turn: str) -> Markup:
    """The chips of one turn."""
    chips = [
        chip_html("kind", f"asks for {KIND_WORDS[understood.kind]}", turn=turn, removable=False)
    ]
    for name, words in filter_words(understood.filters).items():
        chips.append(chip_html(name, words, turn=turn, removable=True))
    alone = EMPTY
    if understood.standalone_question.strip() != understood.question.strip():
        alone = Markup('<p class="standalone">Read as: {}</p>').format(
            isolated(understood.standalone_question)
        )
    return Markup('<div class="chips" aria-label="How the question was read">{}</div>{}').format(
        join(chips), alone
    )


def chip_html(name: str, words: str, *, turn: str, removable: bool) -> Markup:
    """One chip."""
    return Markup('<span class="chip" data-name="{}">{}</span>').format(name, isolated(words))


def filter_words(filters: Filters) -> dict[str, str]:
    """Each filter that is set, in words, by the name of its field (years are one)."""
    words: dict[str, str] = {}
    years = span_words(filters.year_min, filters.year_max)
    if years:
        words["year"] = f"year {years}"
    authors = span_words(filters.author_count_min, filters.author_count_max)
    if authors:
        words["author_count"] = f"{authors} authors"
    if filters.organization:
        words["organization"] = f"by {filters.organization}"
    if filters.with_code is not None:
        words["with_code"] = "with code" if filters.with_code else "without code"
    if filters.order in _ORDER_WORDS:
        words["order"] = _ORDER_WORDS[filters.order]
    return words


def span_words(low: int | None, high: int | None) -> str:
    """A range in words: "2024", "2023 to 2025", "from 2023", "up to 2025", or ""."""
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    if high is None:
        return f"from {low}"
    return f"up to {high}" if low is None else f"{low} to {high}"


def filter_names() -> tuple[str, ...]:
    """The names of all filters."""
    return tuple(field.name for field in fields(Filters))
