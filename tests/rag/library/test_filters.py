"""Filters out of plain language, and papers held against them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.library.filtering import (
    author_count,
    describe,
    joined,
    matches,
    sort_key,
    undated,
    without,
)
from rag.types import Filters, Paper

ORGANIZATIONS = ("Brightwater-AI Brightwater Labs", "umbrella University of Umbria", "Meta")


@pytest.mark.parametrize(
    ("text", "cut", "topic"),
    [
        ("papers since 2021 on coral bleaching", ["since 2021"], "papers on coral bleaching"),
        ("papers on owls that were published in 2021", ["2021"], "papers on owls"),
        ("owls, 2022 or later", ["2022 or later"], "owls"),
        ("papers from 2021", ["from 2021"], ""),
        ("is there a paper by Umbria on owls?", ["Umbria"], "is there a paper on owls?"),
        ("owls but no surveys, newest first", ["surveys", "newest first"], "owls"),
        ("papers on owls (2021)", ["2021"], "papers on owls"),
        ("owls at night", [], "owls at night"),
    ],
)
def test_the_subject_is_what_is_left_without_the_filters(text, cut, topic):
    spans = [(text.index(words), text.index(words) + len(words)) for words in cut]
    assert without(text, spans) == topic


def paper(**known: object) -> Paper:
    return Paper(paper_id="p", title="On owls", abstract="Owls hoot.", **known)


def test_what_is_not_known_of_a_paper_never_matches():
    unknown = paper()
    assert matches(Filters(), unknown)
    for filters in (
        Filters(year_min=1900),
        Filters(year_max=2100),
        Filters(author_count_min=0),
        Filters(organization="Brightwater"),
        Filters(with_code=True),
    ):
        assert not matches(filters, unknown)


def test_undated_papers_are_counted_where_only_the_date_is_missing():
    papers = [paper(), paper(author_count=2), paper(author_count=2, date="2020")]
    assert undated(Filters(year_min=2019), papers) == 2
    assert undated(Filters(year_min=2019, author_count_min=2), papers) == 1
    assert undated(Filters(author_count_min=2), papers) == 0


def test_makers_may_be_authors():
    one = paper(authors=("Ada M. Grey", "Bo Lund"), organization="Brightwater")
    assert matches(Filters(organization="Ada Grey"), one)
    assert matches(Filters(organization="Lund"), one)
    assert not matches(Filters(organization="Ada Lund"), one)
    assert matches(Filters(authors=("A. Grey", "Lund")), one)
    assert not matches(Filters(authors=("B. Grey",)), one)
    assert not matches(Filters(authors=("Ada Grey", "Cy Moss")), one)
    assert matches(Filters(organization="Zorgcorp or Brightwater"), one)


@pytest.mark.parametrize(
    ("dated", "matching"),
    [("2024-03-14", True), ("2024-03", True), ("2024-02", False), ("2024", False), (None, False)],
)
def test_a_day_is_within_bounds_only_where_all_that_is_known_of_it_is(dated, matching):
    spring = Filters(date_min="2024-03-01", date_max="2024-05-31")
    assert matches(spring, paper(date=dated)) is matching
    assert undated(spring, [paper(date=dated)]) == (dated is None)


def test_what_must_not_be_in_a_paper_is_its_subject_not_a_word_of_it():
    owls = Filters(exclude=("bats",))
    assert not matches(owls, Paper(paper_id="p", title="Owls and bats", abstract="Owls hoot."))
    twice = "Bats hear well. We follow bats at night."
    assert not matches(owls, Paper(paper_id="p", title="Night", abstract=twice))
    once = "Owls hear better than bats."
    assert matches(owls, Paper(paper_id="p", title="Night", abstract=once))


def test_what_readers_thought_is_a_bound():
    assert matches(Filters(upvotes_min=5), paper(upvotes=5))
    assert not matches(Filters(upvotes_min=5), paper(upvotes=4))
    assert not matches(Filters(comments_min=1), paper())


def test_what_narrows_takes_the_place_of_what_it_bounds_anew():
    old = Filters(year_min=2019, author_count_max=3, exclude=("bats",), order="newest")
    new = Filters(date_min="2024-03-01", exclude=("mice",), limit=3)
    assert joined(old, new) == Filters(
        date_min="2024-03-01",
        author_count_max=3,
        exclude=("bats", "mice"),
        order="newest",
        limit=3,
    )
    assert joined(old, Filters()) == old


def test_authors_are_counted_by_the_page_else_by_name():
    assert author_count(paper(author_count=7, authors=("A",))) == 7
    assert author_count(paper(authors=("A", "B"))) == 2
    assert author_count(paper()) is None


@pytest.mark.parametrize(
    ("asked", "stored", "same"),
    [
        ("Brightwater", "Brightwater-AI Brightwater Labs", True),
        ("Brightwater Labs Europe", "Brightwater-AI Brightwater", True),
        ("MIT", "Massachusetts Institute of Technology", True),
        ("Hugging Face", "huggingface", True),
        ("Allen Institute", "allenai", True),
        ("University of Umbria", "University of Utrecht", False),
        ("AI Lab", "Brightwater AI Lab", False),
        ("Meta", "Metaphor Inc", False),
    ],
)
def test_organizations_are_matched_loosely(asked, stored, same):
    assert matches(Filters(organization=asked), paper(organization=stored)) is same


@pytest.mark.parametrize(
    ("abstract", "released"),
    [
        ("The code is at https://example.org/x.", True),
        ("Code and data will be made publicly available.", True),
        ("We release all annotations and model weights.", True),
        ("To help others, we open-source the toolkit.", True),
        ("We evaluate open-source models on public data.", False),
        ("The share of the data that models ignore grows.", False),
        ("Owls release pellets.", False),
    ],
)
def test_released_code_is_seen_in_abstracts(abstract, released):
    one = Paper(paper_id="p", title="t", abstract=abstract)
    assert matches(Filters(with_code=True), one) is released


def test_orders():
    papers = [paper(date="2020-05"), paper(), paper(date="2021", comments=3), paper(date="2020")]
    newest = sorted(papers, key=sort_key(Filters(order="newest")))
    assert [one.date for one in newest] == ["2021", "2020-05", "2020", None]
    oldest = sorted(papers, key=sort_key(Filters(order="oldest")))
    assert [one.date for one in oldest] == ["2020", "2020-05", "2021", None]
    assert sorted(papers, key=sort_key(Filters(order="comments")))[0].comments == 3
    assert sorted(papers, key=sort_key(Filters())) == papers
    teams = [paper(author_count=2), paper(), paper(authors=("A", "B", "C")), paper(author_count=1)]
    largest = sorted(teams, key=sort_key(Filters(order="most_authors")))
    assert [author_count(one) for one in largest] == [3, 2, 1, None]
    smallest = sorted(teams, key=sort_key(Filters(order="fewest_authors")))
    assert [author_count(one) for one in smallest] == [1, 2, 3, None]
    liked = [paper(upvotes=1), paper(upvotes=7)]
    assert sorted(liked, key=sort_key(Filters(order="upvotes")))[0].upvotes == 7


def test_filters_are_told_in_words():
    every = Filters(
        date_min="2024-03-01",
        authors=("Ada Grey", "Bo Lund"),
        exclude=("bats",),
        upvotes_min=5,
        order="upvotes",
        limit=3,
    )
    assert describe(every) == (
        "since 2024-03-01, by Ada Grey and Bo Lund, without bats, with at least 5 upvotes, "
        "most upvoted first, 3 at the most"
    )


years = st.none() | st.integers(1990, 2030)
counts = st.none() | st.integers(0, 30)
papers = st.builds(
    lambda year, count, organization: paper(
        date=None if year is None else str(year), author_count=count, organization=organization
    ),
    years,
    counts,
    st.none() | st.sampled_from(ORGANIZATIONS),
)
filters = st.builds(
    Filters,
    year_min=years,
    year_max=years,
    author_count_min=counts,
    author_count_max=counts,
    organization=st.none() | st.sampled_from(["Brightwater", "Meta", "Zorgcorp"]),
)


@settings(deadline=None)
@given(filters, papers)
def test_nothing_that_matches_breaks_a_filter(asked, one):
    if not matches(asked, one):
        return
    assert asked.year_min is None or (one.year is not None and one.year >= asked.year_min)
    assert asked.year_max is None or (one.year is not None and one.year <= asked.year_max)
    assert asked.author_count_min is None or one.author_count >= asked.author_count_min
    assert asked.author_count_max is None or one.author_count <= asked.author_count_max
    if asked.organization is not None:
        assert asked.organization.lower() in one.organization.lower()
