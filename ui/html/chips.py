"""How a question was understood, as chips: kind, filters, the question as it stands alone.

Under a finished turn each filter has a button that asks again without it, and a form changes all.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.types import KINDS, Answer, Filters, Understood
from ui.html.markup import EMPTY, Markup, isolated, join
from ui.talk.again import ORDERS

KIND_WORDS = {
    "list": "a list of papers",
    "fact": "a fact",
    "compare": "a comparison",
    "paper": "one paper",
    "count": "a number",
    "metadata": "a fact of the record",
    "collection": "the collection",
    "other": "no paper",
}
_NOT_ASKED = ("collection", "other")
"""Kinds that nobody asks for by choice."""
ORDER_WORDS = {
    "relevance": "best match first",
    "newest": "newest first",
    "oldest": "oldest first",
    "comments": "most commented first",
    "upvotes": "most upvoted first",
    "most_authors": "most authors first",
    "fewest_authors": "fewest authors first",
}


def chips_html(understood: Answer | Understood, *, turn: str, editable: bool = False) -> Markup:
    """The chips of one turn.

    Args:
        understood: how the question was read.
        turn: the name of the turn.
        editable: whether they can be removed and changed: once the answer is whole.
    """
    chips = [Markup('<li class="chip">Asks for {}</li>').format(KIND_WORDS[understood.kind])]
    for name, words in filter_words(understood.filters).items():
        chips.append(_chip(name, words, turn=turn, removable=editable))
    alone = EMPTY
    if understood.standalone_question.strip() != understood.question.strip():
        alone = Markup('<p class="standalone">Read as: {}</p>').format(
            isolated(understood.standalone_question)
        )
    form = form_html(understood, turn=turn) if editable else EMPTY
    return Markup(
        '<div class="reading"><ul class="chips" aria-label="How the question was read">{}</ul>'
        "{}</div>{}"
    ).format(join(chips), form, alone)


def _chip(name: str, words: str, *, turn: str, removable: bool) -> Markup:
    remove = (
        Markup(
            '<button type="button" class="remove" data-event="again" data-turn="{0}"'
            ' data-drop="{1}" aria-label="Ask again without: {2}" title="Ask again without it">'
            "&times;</button>"
        ).format(turn, name, words)
        if removable
        else EMPTY
    )
    return Markup('<li class="chip filter" data-name="{}">{}{}</li>').format(
        name, isolated(words[:1].upper() + words[1:]), remove
    )


def filter_words(filters: Filters) -> dict[str, str]:
    """Each filter that is set, in words, by the name of its chip (a range is one)."""
    f = filters
    years, dates = span_words(f.year_min, f.year_max), span_words(f.date_min, f.date_max)
    authors = span_words(f.author_count_min, f.author_count_max)
    words = {
        "year": years and f"year {years}",
        "date": dates and f"dated {dates}",
        "author_count": authors and f"{authors} authors",
        "authors": f.authors and f"by {' and '.join(f.authors)}",
        "organization": f.organization and f"by {f.organization}",
        "with_code": {True: "with code", False: "without code", None: ""}[f.with_code],
        "exclude": f.exclude and f"without {', '.join(f.exclude)}",
        "upvotes": f.upvotes_min and f"at least {f.upvotes_min} upvotes",
        "comments": f.comments_min and f"at least {f.comments_min} comments",
        "limit": f.limit and f"{f.limit} at the most",
        "order": "" if f.order == "relevance" else ORDER_WORDS[f.order],
    }
    return {name: str(said) for name, said in words.items() if said}


def span_words(low: int | str | None, high: int | str | None) -> str:
    """A range in words: "2024", "2023 to 2025", "from 2023", "up to 2025", or ""."""
    if low is None and high is None:
        return ""
    if low == high:
        return str(low)
    if high is None:
        return f"from {low}"
    return f"up to {high}" if low is None else f"{low} to {high}"


def form_html(understood: Answer | Understood, *, turn: str) -> Markup:
    """The form that changes how a question was read, behind a "Change" button."""
    filters = understood.filters
    kinds = [one for one in KINDS if one not in _NOT_ASKED or one == understood.kind]
    code = {None: "", True: "yes", False: "no"}[filters.with_code]
    rows = (
        _row(
            "Question",
            Markup('<textarea name="question" rows="2" dir="auto">{}</textarea>').format(
                understood.standalone_question
            ),
        ),
        _row("Asks for", _select("kind", ((k, KIND_WORDS[k]) for k in kinds), understood.kind)),
        _range("Year", "year", filters.year_min, filters.year_max),
        _range("Authors", "author_count", filters.author_count_min, filters.author_count_max),
        _row(
            "Organisation",
            Markup('<input name="organization" value="{}">').format(filters.organization or ""),
        ),
        _row(
            "Code",
            _select(
                "with_code", (("", "with or without"), ("yes", "with"), ("no", "without")), code
            ),
        ),
        _row("Order", _select("order", ((o, ORDER_WORDS[o]) for o in ORDERS), filters.order)),
    )
    return Markup(
        '<details class="change"><summary>Change</summary><form data-event="again" data-turn="{}">'
        '{}<button class="primary">Ask again</button></form></details>'
    ).format(turn, join(rows))


def _row(label: str, field: Markup) -> Markup:
    return Markup("<label><span>{}</span>{}</label>").format(label, field)


def _range(label: str, name: str, low: int | None, high: int | None) -> Markup:
    one = Markup('<input name="{}_{}" value="{}" inputmode="numeric" aria-label="{} {}" size="6">')
    return Markup('<div class="range"><span>{}</span>{} to {}</div>').format(
        label,
        one.format(name, "min", "" if low is None else low, label, "from"),
        one.format(name, "max", "" if high is None else high, label, "to"),
    )


def _select(name: str, options: Iterable[tuple[str, str]], chosen: str) -> Markup:
    items = join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == chosen else EMPTY, words
        )
        for value, words in options
    )
    return Markup('<select name="{}">{}</select>').format(name, items)
