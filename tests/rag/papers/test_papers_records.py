# ruff: noqa: RUF001 (signs of texts)
import json
from io import BytesIO
from pathlib import Path

import pytest

from rag.errors import InputError
from rag.papers import Rejected, read, title_id
from rag.types import Paper

BIBTEX = Path(__file__).parents[1] / "fixtures" / "library.bib"
BENCH = Path(__file__).parents[3].parent / "shared" / "bench"
TEXT = "We count the ships in the harbour. There are nine."


def items(data: str | bytes, **options) -> list[Paper | Rejected]:
    data = data.encode() if isinstance(data, str) else data
    return list(read(None, stream=BytesIO(data), **options))


def one(record: dict, **options) -> Paper:
    (paper,) = items(json.dumps(record), **options)
    assert isinstance(paper, Paper), paper
    return paper


def test_every_field_of_a_paper():
    paper = one(
        {
            "paper_id": "p7",
            "title": "  Nine\n Ships ",
            "abstract": "We  count.\n\nThere\tare nine.\x00",
            "date": "2024-05-22",
            "authors": ["Ada Lovelace", "Bell, A."],
            "author_count": 5,
            "organization": "Harbour Lab",
            "comments": 3,
            "upvotes": "1,024",
            "url": "https://example.org/7",
        }
    )
    assert paper == Paper(
        "p7",
        "Nine Ships",
        "We count. There are nine.",
        date="2024-05-22",
        authors=("Ada Lovelace", "A. Bell"),
        author_count=5,
        organization="Harbour Lab",
        comments=3,
        upvotes=1024,
        url="https://example.org/7",
        source=("-",),
    )


@pytest.mark.parametrize(
    "name", ["abstract", "text", "summary", "Abstract", "TEXT", "paper_abstract"]
)
@pytest.mark.parametrize("key", ["paper_id", "id", "_id", "doc_id", "paperId"])
def test_other_names_of_the_fields(name, key):
    paper = one({key: 12, "title": "Nine Ships", name: TEXT, "publishedAt": "2020-01-02T03:04:05Z"})
    assert (paper.paper_id, paper.abstract, paper.date) == ("12", TEXT, "2020-01-02")


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-05-22T00:00:00Z", "2024-05-22"),
        ("2024-05-22 10:00", "2024-05-22"),
        ("2024/5/2", "2024-05-02"),
        ("2024.05", "2024-05"),
        ("20240522", "2024-05-22"),
        ("May 22, 2024", "2024-05-22"),
        ("22nd September 2024", "2024-09-22"),
        ("Sept. 2024", "2024-09"),
        ("Mon, 2 Apr 2007 19:18:42 GMT", "2007-04-02"),
        ("31/12/2024", "2024-12-31"),
        ("12/31/2024", "2024-12-31"),
        ("05/06/2024", "2024"),
        (2024, "2024"),
        (2024.0, "2024"),
        ("2024.0", "2024"),
        ("2024-02-30", "2024-02"),
        ("2024-13", "2024"),
        ("2019/2020", "2019"),
        ("2022~", "2022"),
        ("{{2016}}", "2016"),
        ("c. 1990", "1990"),
        ("2018-uu", "2018"),
        ("2019-05-00 May 2019", "2019-05"),
        ("/2015", "2015"),
        ("2022 Mar 14", "2022-03-14"),
        ("2022 Mar-Apr", "2022-03"),
        ("2021/06/30/", "2021-06-30"),
        ("5 Jan 2022", "2022-01-05"),
        (1695800000000, "2023-09-27"),
        ({"date-parts": [["2018", 5, 7]]}, "2018-05-07"),
        ({"date-parts": [[None]]}, None),
        ([[2020, 6]], "2020-06"),
        ("in press", None),
        ("soon", None),
        ("12 monkeys 2024", None),
        (True, None),
        ({"year": 2024}, "2024"),
        ({"year": "soon"}, None),
        ("", None),
    ],
)
def test_dates(written, date):
    assert one({"title": "Nine Ships", "text": TEXT, "date": written}).date == date


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ("Ada Lovelace; Bell, Carl", ("Ada Lovelace", "Carl Bell")),
        ("Ada Lovelace and Carl Bell", ("Ada Lovelace", "Carl Bell")),
        ("Ada Lovelace, Carl Bell, and Eve Ito", ("Ada Lovelace", "Carl Bell", "Eve Ito")),
        ("A. Bell, C.-P. Dow", ("A. Bell", "C.-P. Dow")),
        ("Bell, A., Dow, C. P.", ("A. Bell", "C. P. Dow")),
        ("Bell, Ada", ("Ada Bell",)),
        ("bell,a.b. and dow,c.", ("a.b. bell", "c. dow")),
        ("Bell, Ada M. Dow, Carl J.", ("Ada M. Bell", "Carl J. Dow")),
        ("Plato", ("Plato",)),
        ("", ()),
        (["Ada Lovelace", "", None, "others"], ("Ada Lovelace",)),
        (
            [{"name": "Ada Lovelace"}, {"given": "Carl", "family": "Bell"}],
            ("Ada Lovelace", "Carl Bell"),
        ),
        (
            [
                {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
                {"literal": "Mill Survey, Inc."},
            ],
            ("Jan van der Berg", "Mill Survey, Inc."),
        ),
        ("['Ada Lovelace', 'Carl Bell']", ("Ada Lovelace", "Carl Bell")),
        ('["Ada Lovelace", "Carl Bell"]', ("Ada Lovelace", "Carl Bell")),
        (["['Ada Lovelace']"], ("Ada Lovelace",)),
        ("Ada Lovelace|Carl Bell", ("Ada Lovelace", "Carl Bell")),
        ("Ada Lovelace\nCarl Bell", ("Ada Lovelace", "Carl Bell")),
        ("Ada Lovelace¹, Carl Bell²*", ("Ada Lovelace", "Carl Bell")),
        ("Lovelace, Ada (5719); van der Berg, Jan (ETH)", ("Ada Lovelace", "Jan van der Berg")),
        ("Lovelace A, van der Berg JP", ("A Lovelace", "JP van der Berg")),
        ("Ada King Jr., Carl Bell", ("Ada King Jr.", "Carl Bell")),
        ("王小明, 李四", ("王小明", "李四")),
        ("nan", ()),
        ([["Lovelace", "Ada", ""], ["Bell", "Carl", "Jr."]], ("Ada Lovelace", "Carl Bell Jr.")),
        (7, ()),
    ],
)
def test_authors(written, authors):
    paper = one({"title": "Nine Ships", "text": TEXT, "authors": written})
    assert paper.authors == authors
    told_all = "others" not in written if isinstance(written, list) else True
    assert paper.author_count == (len(authors) or None if told_all else None)


def test_values_that_make_no_sense_are_left_out():
    paper = one(
        {
            "title": "Nine Ships",
            "text": TEXT,
            "date": "yesterday",
            "comments": "many",
            "upvotes": -3,
            "author_count": True,
            "url": "javascript:alert(1)",
            "organization": "Acme Acme",
            "id": {"x": 1},
        }
    )
    assert (paper.date, paper.comments, paper.upvotes, paper.author_count, paper.url) == (None,) * 5
    assert paper.organization == "Acme"
    assert paper.paper_id == title_id("Nine Ships")


def test_an_id_made_from_the_title_does_not_depend_on_its_spelling():
    ids = {one({"title": title, "text": TEXT}).paper_id for title in ("A B: C!", "a  b c", "Á-B c")}
    assert len(ids) == 1
    assert ids.pop() == title_id("A B C")
    assert title_id("A B C") != title_id("A B D")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "Nine", "abstract": "cut sho', "not JSON"),
        ('{"title": "Nine"}', "no abstract"),
        ('{"title": "Nine", "abstract": " \\n "}', "no abstract"),
        ('{"title": "Nine", "abstract": 7}', "no abstract"),
        ('{"abstract": "It is."}', "neither a title nor an id"),
        ('{"id": "x", "title": null}', "neither a title nor an abstract"),
        ('["title", "abstract"]', "not a JSON object"),
        ("[" * 100_000, "cannot be read"),
        ('{"title": ' + "9" * 5000 + "}", "cannot be read"),
        ("plain words", "not JSON"),
    ],
)
def test_a_bad_line_is_rejected_and_its_neighbours_kept(line, reason):
    good = json.dumps({"title": "Good", "abstract": TEXT})
    first, bad, last = items(f"{good}\n\n{line}\n{good}\n")
    assert (first.title, last.title) == ("Good", "Good")
    assert isinstance(bad, Rejected)
    assert (bad.path, bad.line) == ("-", 3)
    assert reason in bad.reason
    assert len(bad.excerpt) <= 80 and bad.excerpt.isprintable()


def test_half_characters_can_be_written_again():
    paper = one({"title": "Half \ud800 a Ship", "abstract": "Nine \udfff ships."})
    assert "\ufffd" in paper.title + paper.abstract
    (paper.title + paper.abstract).encode()


def test_half_and_control_characters_are_mended_in_every_field_and_that_is_said():
    odd = "x\ud800\x1b y\x00"
    record = {
        "id": odd,
        "title": odd,
        "abstract": [odd, "Nine."],
        "authors": [{"name": odd}, odd, [odd, odd]],
        "organization": {"name": odd},
        "url": "https://e.example/\ud800",
        "date": "2024-05-01\x07",
    }
    notes: list[str] = []
    for format in ("jsonl", "arxiv", "beir"):
        notes.clear()
        paper = one({**record, "text": odd}, format=format, on_note=notes.append)
        assert repr(paper).encode() and "\\x" not in repr(paper) and "\\ud" not in repr(paper)
        assert paper.url is None and paper.title == "x\ufffd y"
        said = "\n".join(notes)
        assert "half characters were mended" in said and "control characters were mended" in said
        assert "an address that is none was left out (once at line 1)" in said


def test_a_control_character_in_text_of_any_format_is_left_out_and_said():
    data = {
        "csv": "title,abstract\nNine\x1b Ships,We\x07 count.\n",
        "bibtex": "@misc{k, title={Nine\x1b Ships}, abstract={We\x07 count.}}\n",
        "page": "Mar 1\n\nNine\x1b Ships\n\nWe\x07 count.\n\n  • 1 authors\n·\nMay 4\n",
    }
    for format, text in data.items():
        notes: list[str] = []
        (paper,) = items(text, format=format, page_year=2025, on_note=notes.append)
        assert (paper.title, paper.abstract) == ("Nine Ships", "We count.")
        assert "control characters were left out" in notes[0]


@pytest.mark.parametrize("name", ["authors", "id", "upvotes", "date", "organization", "url", "x"])
def test_values_as_deep_as_python_reads_them_do_no_harm(name):
    for depth in (10, 400, 900, 990):
        deep = "[" * depth + "]" * depth
        nested = '[{"name": ' + deep + "}]" if name == "authors" else deep
        (found,) = items(f'{{"title": "Nine", "abstract": "We count.", "{name}": {nested}}}')
        assert isinstance(found, Rejected) or found.title == "Nine"


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "true"])
def test_numbers_that_are_none_are_left_out(value):
    for name in ("upvotes", "comments", "author_count", "year", "date"):
        (paper,) = items(f'{{"title": "Nine", "abstract": "We count.", "{name}": {value}}}')
        assert (paper.upvotes, paper.comments, paper.author_count, paper.date) == (None,) * 4


@pytest.mark.parametrize(
    ("fields", "paper_id"),
    [
        *(({"doi": text}, None) for text in ("N/A", "0", "-", "nan", "", "none", "?", "10.x")),
        ({"doi": "10.1234/ab"}, "10.1234/ab"),
        ({"id": "n/a", "doi": "doi:10.1234/ab"}, "10.1234/ab"),
        ({"doi": "https://doi.org/10.1234/Ab"}, "10.1234/Ab"),
        ({"arxiv_id": "see text"}, None),
        ({"arxiv_id": "2405.12345"}, "2405.12345"),
        ({"pmid": "PMID", "doi": "NULL"}, None),
        ({"id": "NaN"}, None),
        ({"id": "0"}, "0"),
        ({"id": "x" * 300}, None),
    ],
)
def test_what_stands_for_no_identifier_is_none(fields, paper_id):
    paper = one({"title": "Nine Ships", "text": TEXT, **fields})
    assert paper.paper_id == (paper_id or title_id("Nine Ships"))


def test_a_doi_beside_another_id_becomes_the_address():
    paper = one({"id": 7, "doi": "10.1234/Ab", "title": "Nine Ships", "text": TEXT})
    assert (paper.paper_id, paper.url) == ("7", "https://doi.org/10.1234/ab")


def test_a_date_to_come_is_no_date_and_that_is_said():
    notes: list[str] = []
    record = {"title": "Nine Ships", "text": TEXT, "date": "9999-12-31"}
    assert one(record, on_note=notes.append).date is None
    assert "a date after" in notes[0] and "Nine Ships" in notes[0]


def test_an_abstract_kept_in_sentences():
    assert one({"doc_id": 1, "title": "Nine", "abstract": ["One.", "Two."]}).abstract == "One. Two."


def test_an_empty_title_is_no_fault_where_there_is_an_id():
    paper = one({"_id": "q", "title": "", "text": TEXT})
    assert (paper.paper_id, paper.title) == ("q", "")


def test_arxiv_snapshot_lines():
    paper = one(
        {
            "id": "0704.0001",
            "submitter": "P. Ito",
            "authors": "C. Bal\\'azs, E. L. Bell",
            "title": "Counting of Ships\n  at Large Harbours",
            "comments": "37 pages",
            "abstract": "  We count the ships.\nThere are nine.\n",
            "versions": [
                {"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"},
                {"version": "v2", "created": "Tue, 24 Jul 2007 20:10:27 GMT"},
            ],
            "update_date": "2008-11-26",
            "authors_parsed": [["Balázs", "C.", ""], ["Bell", "E. L.", ""]],
        }
    )
    assert paper == Paper(
        "0704.0001",
        "Counting of Ships at Large Harbours",
        "We count the ships. There are nine.",
        date="2007-04-02",
        authors=("C. Balázs", "E. L. Bell"),
        author_count=2,
        url="https://arxiv.org/abs/0704.0001",
        source=("-",),
        arxiv_id="0704.0001",
    )


def test_beir_corpus_lines():
    paper = one({"_id": "4", "title": "Nine", "text": TEXT, "metadata": {"year": 2019, "url": "x"}})
    assert (paper.paper_id, paper.abstract, paper.date, paper.url) == ("4", TEXT, "2019", None)


def test_the_format_may_be_said():
    record = {"id": "2405.12345", "title": "Nine", "abstract": TEXT, "update_date": "2024-06-01"}
    assert one(record, format="arxiv").date == "2024-06-01"
    assert one(record, format="jsonl").url == "https://arxiv.org/abs/2405.12345"
    assert one({"id": "2413.12345", "title": "Nine", "text": TEXT}).url is None  # no 13th month


CSV = "id,title,summary,authors,year\r\n"
CSV += '1,Nine Ships,"We count.\r\nThere are ""nine"".",A. Bell,2020\r\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv(delimiter, mark):
    (paper,) = items(mark + CSV.replace(",", delimiter))
    assert (paper.paper_id, paper.title, paper.date) == ("1", "Nine Ships", "2020")
    assert paper.abstract == 'We count. There are "nine".'
    assert paper.authors == ("A. Bell",)


def test_csv_rows_that_cannot_be_used_say_their_line():
    data = (
        CSV.encode()
        + b"2,No Abstract,,,\r\n\r\n3,Caf\xff\xfe,Some text,,\r\n4,Good,Some text,,\r\n"
    )
    first, empty, odd, last = items(data)
    assert (first.title, last.title) == ("Nine Ships", "Good")
    assert (empty.line, empty.reason) == (4, "no abstract")
    assert odd.line == 6 and "not UTF-8 (byte 0xff" in odd.reason


def test_a_quote_left_open_does_not_take_the_file_with_it():
    rows = "".join(f"{n},Title {n},Some text {n},,\n" for n in range(20_000))
    found = items('id,title,abstract,authors,year\n0,Bad,"never closed,,\n' + rows)
    rejected = [item for item in found if isinstance(item, Rejected)]
    assert [item.line for item in rejected] == [2]
    assert "quote" in rejected[0].reason
    assert len(found) > 15_000


def test_csv_without_the_columns_it_needs():
    with pytest.raises(InputError, match="line 1: no column for the abstract"):
        items("id,title,year\n1,Nine,2020\n", format="csv")


def test_bibtex():
    tea, owls, nothing, unclosed, last = read(BIBTEX)
    assert tea.title == "The TEA Scale of Müller & Émile: x^2 is Enough"
    assert tea.abstract == (
        "We weigh tea. It gains 33.5% in water, 12% in steam — always more than "
        "α ≤ 3 grams. See https://example.org/tea_scale."
    )
    assert tea.authors == ("Jörg Müller", "Bird and Sons", "Ada Lovelace")
    assert (tea.date, tea.paper_id) == ("2021-05", "10.1234/tea_scale")
    assert tea.url == "https://doi.org/10.1234/tea_scale"
    assert (owls.title, owls.paper_id, owls.date) == (
        "Owls that Sleep at Noon",
        "2003.01234",
        "2020",
    )
    assert owls.abstract == 'Most owls "sleep" at noon; ours does not.'
    assert (nothing.line, nothing.reason) == (21, "no abstract")
    assert (unclosed.line, unclosed.reason) == (23, "a brace is left open")
    assert last.paper_id == title_id("The Last One")
    assert last.authors == ("C. Crow", "D. Dove")
    assert last.date == "2022-11-03"


@pytest.mark.skipif(not BENCH.is_dir(), reason=f"no public corpora at {BENCH}")
@pytest.mark.parametrize(
    ("file", "papers", "rejected"),
    [
        ("cisi/corpus.jsonl", 1460, 0),
        ("cranfield/corpus.jsonl", 1398, 2),  # two of its documents are empty
        ("limit_small/corpus.jsonl", 46, 0),
        ("pubmedqa/corpus.jsonl", 1000, 0),
        ("scifact/corpus.jsonl.xz", 5183, 0),
        ("hf_daily_papers.jsonl.xz", 6151, 0),
    ],
)
def test_public_corpora(file, papers, rejected):
    found = list(read(BENCH / file))
    assert sum(isinstance(item, Paper) for item in found) == papers
    assert sum(isinstance(item, Rejected) for item in found) == rejected
    assert len({item.paper_id for item in found if isinstance(item, Paper)}) == papers
