"""Of versions the latest wins with its own authors and date; both links stay; what merged is told."""

from dataclasses import replace

import pytest

from rag.contract import authors_line
from rag.papers import Catalogue, merge
from rag.types import Paper

OLD = "Gates along two rivers were counted in ten days, and one gate of six was found to leak."
NEW = "Gates along two rivers were counted in twenty days, and one gate of five was found to leak."


def paper(abstract=OLD, *, id, source="a", **fields) -> Paper:
    return Paper(id, "Nine Gates", abstract, source=(source,), **fields)


FIRST = paper(id="2401.12345v1", arxiv_id="2401.12345v1", date="2024-01-09", authors=("Ann Roe",),
              author_count=1, url="https://arxiv.org/abs/2401.12345v1")  # fmt: skip
SECOND = paper(NEW, id="2401.12345v2", source="b", arxiv_id="2401.12345v2", date="2024-03-09",
               authors=("Ann Roe", "Bo Low"), author_count=2,
               url="https://arxiv.org/abs/2401.12345v2")  # fmt: skip
ARTICLE = paper(NEW, id="10.1234/gates", source="c", doi="10.1234/gates", date="2024-08",
                authors=("Ann Roe", "Bo Low", "Cy Poe"), author_count=3, venue="Gate Notes",
                url="https://doi.org/10.1234/gates")  # fmt: skip


@pytest.mark.parametrize("records", [(FIRST, SECOND), (SECOND, FIRST), (FIRST, SECOND, FIRST)])
def test_of_two_versions_of_a_preprint_the_later_one_is_the_paper(records):
    catalogue = Catalogue()
    for record in records:
        catalogue.add(record)
    (made,) = catalogue.papers
    assert (made.abstract, made.authors, made.author_count) == (NEW, SECOND.authors, 2)
    assert (made.date, made.arxiv_id, made.url) == ("2024-03-09", "2401.12345v2", SECOND.url)
    assert merge(made, FIRST) == replace(made, source=made.source)
    assert merge(merge(made, SECOND), FIRST) == merge(made, SECOND)


@pytest.mark.parametrize("records", [(FIRST, ARTICLE), (ARTICLE, FIRST)])
def test_a_preprint_and_its_article_are_one_paper_with_both_links(records):
    catalogue = Catalogue()
    for record in records:
        catalogue.add(record)
    (made,) = catalogue.papers
    assert (made.abstract, made.authors, made.date) == (NEW, ARTICLE.authors, "2024-08")
    assert (made.doi, made.arxiv_id, made.venue) == ("10.1234/gates", "2401.12345v1", "Gate Notes")
    assert made.url == ARTICLE.url
    again = Catalogue(catalogue.papers)
    for record in records:
        assert again.add(record).change == "unchanged"
        again.settle()
    assert again.papers == (made,)


def test_what_became_one_is_told_and_reading_it_again_is_not():
    catalogue = Catalogue()
    for record in (FIRST, SECOND, paper(id="x", source="d")):
        catalogue.add(record)
    assert catalogue.merged_count == 2
    first, second = catalogue.merged
    assert (first.paper_id, first.source) == ("2401.12345v1", "b") and "2401.12345" in first.reason
    assert (second.source, second.reason) == ("d", "one title and one text")
    again = Catalogue(catalogue.papers)
    again.add(FIRST)
    assert again.merged_count == 0


def test_identifiers_beside_the_id_hold_papers_apart_and_together():
    together = Catalogue([paper(id="x1", doi="10.1234/gates")])
    assert together.add(paper(NEW, id="y7", source="b", doi="10.1234/gates")).change == "updated"
    apart = Catalogue([paper(id="x1", doi="10.1234/gates")])
    assert apart.add(paper(OLD, id="y7", source="b", doi="10.1234/other")).change == "added"
    assert "two identifiers, 10.1234/gates and 10.1234/other" in apart.notes[0]


def test_a_long_list_of_authors_is_cut_where_it_is_shown():
    many = replace(FIRST, authors=tuple(f"Ann Roe{n}" for n in range(3000)), author_count=3000)
    assert authors_line(many) == "Ann Roe0, Ann Roe1, Ann Roe2 and 2,997 others"
    cut = replace(many, authors=many.authors[:20])
    assert authors_line(cut) == "Ann Roe0, Ann Roe1, Ann Roe2 and 2,997 others"
    assert authors_line(replace(many, authors=("A", "B"), author_count=2)) == "A, B"
