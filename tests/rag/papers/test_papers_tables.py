"""Tables that stand in other things than text: spreadsheets, and JSON as pandas writes it."""

from __future__ import annotations

import json
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import InputError
from rag.papers import Rejected, read
from rag.papers.readers import json_tables

TEXT = "Forty mills along two rivers were timed in a dry summer, and each lost water."
ROWS = [
    {"title": f"Mill {n}", "abstract": f"{TEXT} {n}", "year": 2000 + n, "doi": f"10.1234/m{n}"}
    for n in range(3)
]


def papers(data, **options):
    return list(read(None, stream=BytesIO(data), name="in", **options))


def columns(rows):
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: {str(n): row.get(name) for n, row in enumerate(rows)} for name in names}


def split(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name) for name in names] for row in rows]
    return {"columns": names, "index": list(range(len(rows))), "data": cells}


def by_index(rows):
    return {str(n): row for n, row in enumerate(rows)}


@pytest.mark.parametrize("orient", [columns, split, by_index])
@pytest.mark.parametrize("indent", [None, 1])
def test_a_table_of_pandas_is_read_whichever_way_it_lies(orient, indent):
    found = papers(json.dumps(orient(ROWS), indent=indent).encode())
    assert [(p.title, p.abstract, p.year, p.doi) for p in found] == [
        (row["title"], row["abstract"], row["year"], row["doi"]) for row in ROWS
    ]


def test_rows_without_an_abstract_are_rejected_by_their_number():
    rows = [ROWS[0], {"title": "Weir"}, ROWS[2]]
    found = papers(json.dumps(columns(rows)).encode())
    assert [getattr(item, "reason", "") for item in found] == ["", "no abstract", ""]
    assert found[1].line == 2


def test_a_table_longer_than_what_is_held_says_how_to_write_it(monkeypatch):
    monkeypatch.setattr(json_tables, "LONGEST", 400)
    with pytest.raises(InputError, match=r'of more than 400 .* orient="records", lines=True'):
        papers(json.dumps(columns(ROWS)).encode())


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 600), st.sampled_from([columns, split, by_index]))
def test_a_table_cut_anywhere_is_an_error_of_ours(at, orient):
    whole = json.dumps(orient(ROWS)).encode()
    data = whole[: at % len(whole)]
    try:
        found = papers(data)
    except InputError as error:
        assert str(error).startswith("in")
    else:
        assert all(isinstance(item, Rejected) for item in found)


@pytest.mark.parametrize(
    "other",
    [
        {"title": {"value": "Mills"}, "abstract": {"value": TEXT}},
        {"title": "Mills", "abstract": TEXT, "counts": {"0": 3}},
        {"content": {"title": {"value": "Mills"}, "abstract": {"value": TEXT}}},
    ],
)
def test_an_object_in_an_object_is_no_table(other):
    assert not json_tables.is_table(json.dumps(other))


def workbook(*sheets):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


HEADER = ["Title", "Abstract", "Publication Date", "DOI", "Authors"]
LINE = ['Mills; and "weirs"', TEXT + "\nIt rained.", datetime(2021, 3, 4), "10.1234/m", "Roe, Ann"]


def test_a_spreadsheet_is_read_as_the_table_in_it():
    pytest.importorskip("openpyxl")
    data = workbook([["Exported by a person"], [None]], [["My library"], HEADER, LINE, [None] * 5])
    (paper,) = papers(data)
    assert (paper.title, paper.date, paper.doi) == (LINE[0], "2021-03-04", "10.1234/m")
    assert paper.abstract == f"{TEXT} It rained."


def test_a_spreadsheet_of_many_rows_is_read_to_its_end():
    rows = [[f"Mill {n}", f"{TEXT} {n}", 2000, f"10.1234/m{n}", "A"] for n in range(900)]
    assert len(papers(workbook([HEADER, *rows]))) == 900


def test_a_spreadsheet_that_cannot_be_read_says_what_can_be_done():
    pytest.importorskip("openpyxl")
    whole = workbook([HEADER, LINE])
    for data, said in (
        (whole[:-40], "save the table as CSV"),
        (workbook([["only"], ["words"]]), "without a table of papers"),
        (_bomb(), "unpacks to"),
    ):
        with pytest.raises(InputError, match=said):
            papers(data)


def _bomb():
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 2**25)
    return out.getvalue()


def test_without_openpyxl_a_spreadsheet_is_refused_and_a_way_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"save the table as CSV .* install openpyxl"):
        papers(_bomb())
