"""The specimens of odd files, each as its row expects. They are not in the tree."""

from pathlib import Path

import pytest

from rag.errors import InputError
from rag.papers import Catalogue, Rejected, read
from rag.types import Paper

SPECIMENS = Path(__file__).parents[3].parent / "shared" / "specimens"
pytestmark = pytest.mark.skipif(not SPECIMENS.is_dir(), reason=f"no specimens at {SPECIMENS}")


class Outcome:
    """What becomes of a file: papers, rejections, notes and the error at its end."""

    def __init__(self, name: str) -> None:
        catalogue = Catalogue()
        notes: list[str] = []
        self.rejected: list[Rejected] = []
        self.error = ""
        try:
            for item in read(SPECIMENS / name, on_note=notes.append):
                if isinstance(item, Rejected):
                    self.rejected.append(item)
                else:
                    catalogue.add(item)
        except InputError as error:
            self.error = str(error)
        self.papers: tuple[Paper, ...] = catalogue.papers
        self.notes = "\n".join((*notes, *catalogue.notes))


@pytest.mark.parametrize(
    ("name", "papers", "rejected"),
    [
        ("s60_placeholder_ids.csv", 3, 0),
        ("s61_same_doi_typo.jsonl", 2, 0),
        ("s62_more_cells_than_header.csv", 1, 1),
        ("s63_quotes_in_quotes.csv", 1, 1),
        ("s64_two_on_a_line.bib", 2, 0),
        ("s65_macros_with_sense.bib", 1, 0),
        ("s66_odd_url.jsonl", 2, 0),
        ("s67_line_separator.jsonl", 2, 0),
        ("s69_url_braces.bib", 1, 0),
        ("s70_far_future.jsonl", 2, 0),
        ("s71_flipped_bit.jsonl.gz", 0, 0),
        ("s30_same_title_noid.jsonl", 4, 0),
        ("s39_doi_merge.jsonl", 1, 0),
        ("s50_preprint_and_doi.bib", 1, 0),
    ],
)
def test_as_many_papers_as_the_file_has(name, papers, rejected):
    outcome = Outcome(name)
    assert (len(outcome.papers), len(outcome.rejected)) == (papers, rejected), outcome.notes
    assert bool(outcome.error) == name.endswith(".gz")


def test_placeholders_keep_each_paper_its_own_abstract():
    papers = Outcome("s60_placeholder_ids.csv").papers
    for word, paper in zip(("barn", "moths", "Frogs"), papers, strict=True):
        assert word in paper.abstract and paper.abstract.endswith(".")


def test_one_identifier_over_two_papers_is_told():
    assert "give one identifier, 10.5555/kelp.1" in Outcome("s61_same_doi_typo.jsonl").notes


@pytest.mark.parametrize("name", ["s62_more_cells_than_header.csv", "s63_quotes_in_quotes.csv"])
def test_no_abstract_is_cut(name):
    assert [paper.abstract[-1] for paper in Outcome(name).papers] == ["."]


def test_macros_keep_their_sense():
    (paper,) = Outcome("s65_macros_with_sense.bib").papers
    assert paper.title == "GPT: a study of small models"
    assert paper.authors == ("Jan van Dyck", "Foo Consortium")
    for piece in ("p < 0.05", "p > 0.4", "1-5 ms", "5 %", "70%", "exit 0", "{a | b}", "3 %"):
        assert piece in paper.abstract
    assert "$" not in paper.abstract and "\\" not in paper.abstract


def test_odd_addresses_and_dates_are_left_out_and_said():
    odd = Outcome("s66_odd_url.jsonl")
    assert [paper.url for paper in odd.papers] == [None, None]
    assert "half characters were mended" in odd.notes and "address that is none" in odd.notes
    future = Outcome("s70_far_future.jsonl")
    assert [paper.date for paper in future.papers] == [None, "2024-05-01"]
    assert "a date after" in future.notes and "Misdated" in future.notes


def test_an_address_in_braces_is_whole():
    (paper,) = Outcome("s69_url_braces.bib").papers
    assert paper.url == "https://e.example/a_b~c%20d?x=1&y=2#z"
    assert len(paper.authors) == 2
