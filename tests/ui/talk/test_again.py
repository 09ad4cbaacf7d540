"""Chips: what they say, and what removing or changing one asks."""

from __future__ import annotations

import pytest
from ui_helpers import Seen, make_answer, make_paper

from rag.errors import UsageError
from rag.types import Filters
from ui.html.chips import chips_html, filter_words
from ui.talk.again import changed, without

ALL = Filters(
    year_min=2023,
    year_max=2024,
    author_count_min=3,
    organization="Acme",
    with_code=True,
    order="newest",
    undated_left_out=7,
)
ANSWER = make_answer([make_paper(1)], filters=ALL, kind="list")


def test_chips_say_what_was_understood():
    assert filter_words(ALL) == {
        "year": "year 2023 to 2024",
        "author_count": "from 3 authors",
        "organization": "by Acme",
        "with_code": "with code",
        "order": "newest first",
    }
    assert filter_words(Filters(year_min=2024, year_max=2024)) == {"year": "year 2024"}
    assert filter_words(Filters(year_max=2020)) == {"year": "year up to 2020"}
    assert filter_words(Filters()) == {}


EVERY = Filters(
    date_min="2024-03-01",
    authors=("Ada Grey", "Bo Lund"),
    exclude=("bats",),
    upvotes_min=5,
    comments_min=2,
    limit=3,
    order="fewest_authors",
)


def test_chips_of_what_the_asker_tags_can_be_removed_one_by_one():
    chips = filter_words(EVERY)
    assert chips == {
        "date": "dated from 2024-03-01",
        "authors": "by Ada Grey and Bo Lund",
        "exclude": "without bats",
        "upvotes": "at least 5 upvotes",
        "comments": "at least 2 comments",
        "limit": "3 at the most",
        "order": "fewest authors first",
    }
    answer = make_answer([make_paper(1)], filters=EVERY, kind="list")
    for chip in chips:
        left = filter_words(without(answer, chip).filters)
        assert left == {name: words for name, words in chips.items() if name != chip}


def test_what_the_form_does_not_show_is_kept_when_it_is_sent():
    answer = make_answer([make_paper(1)], filters=EVERY, kind="list")
    sent = changed(answer, {"year_min": "2020", "order": "newest"}).filters
    assert (sent.year_min, sent.order, sent.exclude, sent.limit) == (2020, "newest", ("bats",), 3)


def test_each_filter_can_be_removed_once_the_answer_is_whole():
    seen = Seen(chips_html(ANSWER, turn="t1", editable=True))
    removing = [found for found in seen.with_event("again") if "data-drop" in found]
    assert [found["data-drop"] for found in removing] == list(filter_words(ALL))
    assert all(found["aria-label"].startswith("Ask again without") for found in removing)
    assert Seen(chips_html(ANSWER, turn="t1")).with_event("again") == []


@pytest.mark.parametrize("chip", list(filter_words(ALL)))
def test_removing_a_chip_takes_that_filter_and_no_other(chip):
    ask = without(ANSWER, chip)
    left = filter_words(ask.filters)
    expected = filter_words(ALL)
    del expected[chip]
    assert left == expected
    assert ask.kind == "list"
    assert ask.filters.undated_left_out == 0


def test_an_unknown_chip_is_an_error():
    with pytest.raises(UsageError, match="no filter 'kind'"):
        without(ANSWER, "kind")


def test_the_form_shows_what_it_would_send():
    seen = Seen(chips_html(ANSWER, turn="t1", editable=True))
    fields = {found["name"]: found.get("value") for tag, found in seen.elements if "name" in found}
    assert fields["year_min"] == "2023"
    assert fields["organization"] == "Acme"
    chosen = [found["value"] for _, found in seen.elements if "selected" in found]
    assert chosen == ["list", "yes", "newest"]
    form = {**{k: v or "" for k, v in fields.items()}, "question": "", "kind": "list"}
    ask = changed(ANSWER, {**form, "with_code": "yes", "order": "newest"})
    assert filter_words(ask.filters) == filter_words(ALL)
    assert ask.question == ANSWER.standalone_question


def test_the_form_changes_all():
    form = {"question": " Other? ", "kind": "compare", "year_min": "2020", "with_code": "no"}
    ask = changed(ANSWER, form)
    assert ask.question == "Other?"
    assert ask.kind == "compare"
    assert ask.filters == Filters(year_min=2020, with_code=False)


def test_an_empty_form_asks_without_filters():
    assert changed(ANSWER, {}).filters == Filters()
    assert changed(ANSWER, {"kind": "nonsense", "order": "x"}).kind == "list"


@pytest.mark.parametrize(
    "form",
    [
        {"year_min": "soon"},
        {"year_min": "99999999999999999999"},
        {"year_max": "-5"},
        {"year_max": "²⁰²⁴"},
        {"author_count_min": "1.5"},
        {"year_min": "2025", "year_max": "2020"},
    ],
)
def test_numbers_that_are_none_are_told(form):
    with pytest.raises(UsageError, match=r"is not between|ends before"):
        changed(ANSWER, form)
