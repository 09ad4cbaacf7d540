import os
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.papers import Rejected, read
from rag.types import Paper

PAGE = Path(__file__).parents[1] / "fixtures" / "page.txt"
CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"
LONG = (
    "Clocks in old towers lose minutes when the wind turns. We climb nine of them and listen. "
    "Each has its own way of being late, and a drop of oil helps seven. The other two are happy."
)
META = "  • 3 authors\n·\nMay 4, 2024 7"


def items(text: str | bytes, **options) -> list[Paper | Rejected]:
    data = text if isinstance(text, bytes) else text.encode()
    options = {"page_year": 2025, "format": "page", **options}
    return list(read(None, stream=BytesIO(data), **options))


def papers(text: str | bytes, **options) -> list[Paper]:
    found = items(text, **options)
    assert all(isinstance(item, Paper) for item in found), found
    return found


def page(*blocks: str) -> str:
    return "\n\n".join(blocks) + "\n"


def test_a_page_as_the_listing_gives_it():
    tea, pigeons, unsigned, bread = read(PAGE, page_year=2025)
    assert tea.title == "Weighing Tea: A Ledger of Small Kitchen Scales"
    assert tea.abstract.startswith("Kitchen scales") and tea.abstract.endswith("any new part.")
    assert (tea.date, tea.author_count, tea.comments) == ("2025-02-11", 4, 2)
    assert pigeons.organization == "Harbour Bird Laboratory"
    assert (pigeons.date, pigeons.author_count, pigeons.comments) == ("2023-07-03", None, None)
    assert pigeons.abstract.endswith("https://example.org/pigeons.")
    assert (unsigned.date, unsigned.author_count, unsigned.organization) == (None, None, None)
    assert unsigned.abstract.endswith("with a full stop.")
    assert bread.title == "Bread, Twice Baked: Is Stale Always Bad?"
    assert (bread.date, bread.author_count, bread.comments) == ("2024-11-30", 1, 12)
    assert tea.source == (str(PAGE),)
    assert tea.paper_id.startswith("t") and len({tea.paper_id, bread.paper_id}) == 2


def bare(found: list[Paper | Rejected]) -> list[tuple]:
    return [
        (p.title, p.abstract, p.date, p.author_count, p.organization, p.comments) for p in found
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text[text.index("Weighing") :],  # no header at all
        lambda text: text.replace("Mar 14\n\n", ""),  # no date line
        lambda text: "Home\n\nLog in\n\nSort: Recent\n\n" + text[text.index("Weighing") :],
        lambda text: text.replace("\n\n", "\n"),  # blank lines lost
        lambda text: text.replace("\n\n", "\n \t\n\n\n"),
        lambda text: text.replace("  •", "•").replace("\n·\n", "\n\n·\n\n"),
        lambda text: text.replace(" authors\n·\n", " authors · "),
        lambda text: text.replace("Feb 11 2", "February 11\n2"),
        lambda text: text.rstrip("\n"),
    ],
)
def test_other_ways_to_save_the_same_page(change):
    text = PAGE.read_text(encoding="utf-8")
    assert bare(items(change(text))) == bare(items(text))


def test_the_format_is_recognised():
    text = PAGE.read_text(encoding="utf-8")
    assert len(items(text, format="auto")) == 4
    assert len(items(page("Daily Papers", "A Title", LONG, "Another", LONG), format="auto")) == 2


@pytest.mark.parametrize(
    "text",
    [
        page("Minutes of the Mill Club", LONG, "What to Do", LONG),
        page("From: a@e.example\nTo: b@e.example\nSubject: Clocks", LONG, "Yours, Ann", LONG),
    ],
)
def test_prose_in_paragraphs_is_no_page(text):
    with pytest.raises(InputError, match=r"no known format.*Zotero: File > Export Library"):
        items(text, format="auto")


def test_two_pages_in_one_file():
    text = PAGE.read_text(encoding="utf-8")
    assert bare(items(text + "\n" + text)) == 2 * bare(items(text))


@pytest.mark.parametrize(
    "title",
    [
        "May 26",
        "Search",
        "3 Authors, 2 Pens",
        "Is It Late? It Is! Or Not",
        "Yahoo! and Co.: Clocks, Towers (2nd Ed.)",
        "On $x_1 \\to y^2$ & {Clocks}",
        "A " + "Very " * 36 + "Long Title",
        "时钟为何会慢",
        "lower case all the way",
        "Clocks of the Old Northern Harbour Towns.",
    ],
)
@pytest.mark.parametrize("meta", [META, ""])
def test_titles_may_be_anything(title, meta):
    blocks = ["First", LONG, meta, title, LONG, meta, "Last", LONG, meta]
    found = papers(page("Mar 1", *[block for block in blocks if block]))
    assert [paper.title for paper in found] == ["First", title, "Last"]
    assert {paper.abstract for paper in found} == {LONG}


@pytest.mark.parametrize(
    ("line", "date", "comments"),
    [
        ("May 26 2", "2025-05-26", 2),
        ("May 26", "2025-05-26", None),
        ("May 26, 2023", "2023-05-26", None),
        ("Sep 25, 2023 2", "2023-09-25", 2),
        ("Sept 5, 2023 1,024", "2023-09-05", 1024),
        ("May 26 2019", "2019-05-26", None),
        ("Dec 31 14", "2025-12-31", 14),  # after the page's own day: the year was said
        ("Feb 30", None, None),
    ],
)
def test_a_count_of_comments_is_no_year(line, date, comments):
    (paper,) = papers(page("Mar 1", "A Title", LONG, f"  • 3 authors\n·\n{line}"))
    assert (paper.date, paper.comments) == (date, comments)


def test_an_abstract_of_several_paragraphs():
    last = "Code: https://example.org/clocks"
    found = papers(page("Mar 1", "One", LONG, LONG, last, META, "Two", LONG, last, "Three", LONG))
    assert [paper.title for paper in found] == ["One", "Two", "Three"]
    assert found[0].abstract == f"{LONG} {LONG} {last}"
    assert found[1].abstract == f"{LONG} {last}"


def test_wrapped_lines_are_one_paragraph():
    wrapped = LONG.replace(". ", ".\n")
    (paper,) = papers(page("Mar 1", "A Title\nOver Two Lines", wrapped, META))
    assert (paper.title, paper.abstract) == ("A Title Over Two Lines", LONG)


@pytest.mark.parametrize(
    ("blocks", "line", "reason"),
    [
        (["Good", LONG, META, "Alone", META, "Fine", LONG, META], 9, "title without an abstract"),
        (["Good", LONG, META, LONG * 3, META, "Fine", LONG, META], 9, "abstract without a title"),
        (["Good", LONG, "Alone", "Fine", LONG, META], 5, "title without an abstract"),
        (["Good", LONG, "Fine", LONG, META, "Alone"], 13, "title without an abstract"),
        (["Good", LONG, META, "???", LONG, META, "Fine", LONG], 9, "without a letter"),
    ],
)
def test_what_a_record_lacks_is_said_and_its_neighbours_kept(blocks, line, reason):
    found = items(page("Mar 1", *blocks))
    assert [(p.title, p.abstract) for p in found if isinstance(p, Paper)] == [
        ("Good", LONG),
        ("Fine", LONG),
    ]
    (rejected,) = [item for item in found if isinstance(item, Rejected)]
    assert reason in rejected.reason
    assert rejected.line == line + 2  # "Mar 1" and a blank line stand before
    assert rejected.excerpt and len(rejected.excerpt) <= 80


def test_a_paragraph_in_another_encoding_costs_its_own_record_only():
    text = page("Mar 1", "Good", LONG, META, "Caf#", LONG, META, "Fine", LONG, META)
    first, rejected, last = items(text.encode().replace(b"#", b"\xff"))
    assert (first.title, last.title) == ("Good", "Fine")
    assert "not UTF-8 (byte 0xff" in rejected.reason and rejected.line == 11


def test_a_page_in_windows_1252_is_read_and_that_is_said():
    text = page("Daily Papers", "Good", LONG, "Acme\n·\nMay 4", "Fine", LONG)
    notes: list[str] = []
    for format in ("page", "auto"):
        found = items(text.encode("cp1252"), format=format, on_note=notes.append)
        assert bare(found) == bare(items(text))
    assert len(notes) == 2 and "windows-1252" in notes[0]


def test_a_text_of_another_kind_is_no_endless_abstract():
    (rejected,) = items(page("Mar 1", "A Title", *[LONG] * 30))
    assert "more than" in rejected.reason


def year_of(tmp_path, text, *, modified, page_year=None):
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    stamp = datetime(*modified, 12).timestamp()
    os.utime(path, (stamp, stamp))
    told = []
    found = list(read(path, page_year=page_year, on_year=told.append))
    return {paper.year for paper in found}, [year.origin for year in told]


@pytest.mark.parametrize(
    ("header", "modified", "page_year", "year", "origin"),
    [
        ("Mar 14", (2024, 6, 1), 2021, 2021, "--page-year"),
        ("Mar 14", (2024, 6, 1), None, 2024, "the file's date, 2024-06-01"),
        ("Mar 14", (2024, 3, 13), None, 2024, "the file's date"),  # time zones differ by a day
        ("Nov 14", (2024, 6, 1), None, 2023, "before the page's day"),
        ("Nov 14, 2019", (2024, 6, 1), None, 2019, "the date on the page"),
        ("Daily Papers", (2024, 6, 1), None, 2024, "the file's date"),
    ],
)
def test_the_year_of_a_page(tmp_path, header, modified, page_year, year, origin):
    text = page(
        header, "One", LONG, "  • 3 authors\n·\nFeb 2", "Two", LONG, "  • 1 authors\n·\nMar 2"
    )
    years, told = year_of(tmp_path, text, modified=modified, page_year=page_year)
    assert years == {year}
    assert len(told) == 1 and origin in told[0]


def test_no_year_is_told_where_none_was_needed(tmp_path):
    assert year_of(tmp_path, page("Daily Papers", "One", LONG, META), modified=(2020, 1, 1)) == (
        {2024},
        [],
    )


def test_a_readme_is_not_taken_for_a_page():
    text = page("# My project", LONG + LONG, "## Install", LONG + LONG)
    with pytest.raises(InputError, match="no known format"):
        items(text, format="auto")


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no pages at {CORPUS}")
def test_the_five_pages():
    counts, titles, organizations, without = [], set(), [], []
    for path in sorted(CORPUS.glob("*.txt")):
        found = list(read(path, page_year=2025))
        assert not [item for item in found if isinstance(item, Rejected)]
        counts.append(len(found))
        titles |= {paper.paper_id for paper in found}
        organizations += [paper.organization for paper in found if paper.organization]
        without.append(sum(paper.date is None for paper in found))
        assert all(len(p.title) < 200 and 1000 < len(p.abstract) < 2000 for p in found)
    assert counts == [8, 83, 50, 54, 72]
    assert len(titles) == 253
    assert organizations == ["ServiceNow-AI", "NAVER AI Lab"]
    assert without == [0, 3, 0, 1, 72]
