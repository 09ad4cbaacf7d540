"""Tagged phrases as filters: counts, names, orders, what is left out, what readers thought."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library.filtering import matches
from rag.question.asker import ASKED, Asked
from rag.question.filters.counts import count_bounds, limit_of
from rag.question.filters.numbers import in_digits
from rag.question.filters.wanted import author_of, excluded, filters_and_topic, filters_of
from rag.question.filters.wishes import code_of, order_of, popularity_of
from rag.question.slots import LABELS, Slot
from rag.types import Filters, Paper

TODAY = date(2025, 6, 18)


def slots(*tagged: tuple[str, str]) -> list[Slot]:
    return [Slot(label, text, 0, len(text)) for label, text in tagged]


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("three authors", (3, 3)),
        ("solo", (1, 1)),
        ("written by one person", (1, 1)),
        ("a pair of authors", (2, 2)),
        ("at least five authors", (5, None)),
        ("five or more authors", (5, None)),
        ("6 authors or more", (6, None)),
        ("4+ authors", (4, None)),
        ("no fewer than 4 authors", (4, None)),
        ("more than 50 authors", (51, None)),
        (">50 authors", (51, None)),
        ("teams of over ten", (11, None)),
        ("fewer than four authors", (None, 3)),
        ("under 8 authors", (None, 7)),
        ("max 4 authors", (None, 4)),
        ("no more than six authors", (None, 6)),
        ("five authors or fewer", (None, 5)),
        ("\u2264 2 authors", (None, 2)),
        ("3 to 5 authors", (3, 5)),
        ("1-3 authors", (1, 3)),
        ("at least a dozen authors", (12, None)),
    ],
)
def test_counts_are_bounds(phrase, wanted):
    assert count_bounds(phrase) == wanted


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("three", 3),
        ("top 10", 10),
        ("two or three", 3),
        ("a handful", 5),
        ("half a dozen", 6),
        ("the single best", 1),
        ("twenty-five", 25),
        ("some", None),
    ],
)
def test_limits(phrase, wanted):
    assert limit_of(phrase) == wanted


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("newest first", "newest"),
        ("most recent", "newest"),
        ("sorted by date", "newest"),
        ("latest at the top", "newest"),
        ("oldest first", "oldest"),
        ("old to new", "oldest"),
        ("newest to oldest", "newest"),
        ("by year ascending", "oldest"),
        ("chronologically", "oldest"),
        ("reverse chronological", "newest"),
        ("most discussed", "comments"),
        ("by number of comments", "comments"),
        ("most upvoted", "upvotes"),
        ("biggest teams first", "most_authors"),
        ("fewest authors", "fewest_authors"),
        ("by relevance", "relevance"),
        ("somehow", None),
    ],
)
def test_orders(phrase, wanted):
    assert order_of(phrase) == wanted


def test_what_readers_thought():
    assert popularity_of("at least 20 comments") == (None, 20, None)
    assert popularity_of("more than fifty upvotes") == (51, None, None)
    assert popularity_of("upvoted at least 5 times") == (5, None, None)
    assert popularity_of("most upvoted") == (None, None, "upvotes")
    assert popularity_of("highly cited") == (None, None, None)  # of citations nothing is known


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Grey, Ada", "Ada Grey"),
        ("Grey, A.", "A Grey"),
        ("Ada Grey's", "Ada Grey"),
        ("Grey and co", "Grey"),
        ("Grey et al.", "Grey"),
    ],
)
def test_authors_are_put_first_name_first(text, wanted):
    assert author_of(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("surveys", ("surveys",)),
        ("no letters or comments", ("letters", "comments")),
        ("w/o deep learning", ("deep learning",)),
        ("anything about bats", ("bats",)),
        ("Nordic ones", ("Nordic",)),
        ("in vitro work", ("in vitro work",)),
    ],
)
def test_what_is_left_out_is_named_alone(text, wanted):
    assert excluded(text) == wanted


def test_filters_of_a_whole_question():
    tagged = slots(
        ("limit", "three"),
        ("topic", "owls"),
        ("author", "Grey, Ada"),
        ("org", "Umbria's"),
        ("date", "since 2021"),
        ("code", "with code"),
        ("exclude", "bats"),
        ("order", "newest first"),
        ("popularity", "20+ upvotes"),
        ("type", "surveys"),
        ("venue", "OwlConf"),
    )
    assert filters_of(tagged, today=TODAY) == Filters(
        year_min=2021,
        authors=("Ada Grey",),
        organization="Umbria",
        with_code=True,
        exclude=("bats",),
        types=("surveys",),
        upvotes_min=20,
        limit=3,
        order="newest",
    )
    assert filters_of(slots(("topic", "owls")), today=TODAY) == Filters()
    assert not code_of("without code")


def test_nobody_else_counts_those_who_are_named():
    tagged = slots(("author", "Grey"), ("author", "Lund"), ("authors_count", "nobody else"))
    found = filters_of(tagged, today=TODAY)
    assert (found.author_count_min, found.author_count_max) == (2, 2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("twenty twenty-three", "2023"),
        ("two thousand and five", "2005"),
        ("nineteen eighty-four", "1984"),
        ("eighteen months", "18 months"),
        ("1,000 authors", "1000 authors"),
        ("a couple of papers", "2 papers"),
    ],
)
def test_numbers_in_words_are_digits(text, wanted):
    assert in_digits(text) == wanted


@given(st.lists(st.tuples(st.sampled_from(LABELS), st.text(min_size=1, max_size=40)), max_size=6))
def test_whatever_is_tagged_makes_filters(tagged):
    assert isinstance(filters_of(slots(*tagged), today=TODAY), Filters)


def test_a_word_of_a_title_that_is_written_out_is_no_filter():
    text = "papers like RL Scales Math by Eight-Fold"
    start = text.index("Eight")
    asked = Asked(
        slots=(Slot("limit", "Eight", start, start + 5),),
        kinds=dict.fromkeys(ASKED, 0.0) | {"list": 1.0},
        leans=0.0,
        refers=(),
    )
    assert filters_and_topic(
        text, asked, ["RL scales  math by eight-fold"], listing=True, today=TODAY
    ) == (
        Filters(),
        text,
    )
    filters, topic = filters_and_topic(text, asked, ["RL Scales"], listing=True, today=TODAY)
    assert filters.limit == 8
    assert "Eight" not in topic


def test_a_letter_of_a_name_stands_for_itself_with_any_accent():
    paper = Paper("buoy", "A Buoy", "It counts.", authors=("Xu\u00e2n Th\u1eafng Nguy\u1ec5n",))
    assert matches(Filters(authors=("Nguyen",)), paper)
    assert matches(Filters(authors=("xuan thang nguyen",)), paper)
    assert not matches(Filters(authors=("Nguyet",)), paper)


def test_who_must_not_have_made_a_paper_is_left_out():
    paper = Paper("buoy", "A Buoy", "It counts.", authors=("Rita Roe",))
    assert not matches(Filters(exclude=("Rita Roe",)), paper)
    assert matches(Filters(exclude=("Lena Low",)), paper)
