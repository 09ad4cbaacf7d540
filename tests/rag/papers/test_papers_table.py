"""CSV: no text is cut, none lands under another name, and what was left out is said."""

from io import BytesIO

import pytest

from rag.papers import Rejected, read
from rag.papers.streams import MAX_LINE
from rag.types import Paper

HEADER = "title,abstract,year\n"


def items(data: str) -> list[Paper | Rejected]:
    return list(read(None, stream=BytesIO(data.encode()), format="csv"))


def test_a_row_with_more_cells_than_the_header_is_rejected_and_no_text_is_cut():
    cut, good = items("title,abstract\nMills,We time mills, weirs and dams.\nGlass,It cools.\n")
    assert isinstance(cut, Rejected) and cut.line == 2
    assert "3 cells under a header of 2" in cut.reason
    assert (good.title, good.abstract) == ("Glass", "It cools.")


def test_empty_cells_behind_the_last_column_cost_nothing():
    (paper,) = items(HEADER + "Mills,We time mills.,2020,,  ,\n")
    assert (paper.abstract, paper.date) == ("We time mills.", "2020")


@pytest.mark.parametrize(
    "text",
    ['"They say "stop" to, mills"', '"stop" they say, to mills', '"stop"', '"a ""b" c"'],
)
def test_quotes_in_quotes_never_cut_an_abstract(text):
    found = items(f'{HEADER}Mills,{text},2020\nGlass,"It ""cools"".",2021\n')
    kept = [item for item in found if isinstance(item, Paper)]
    assert kept[-1].abstract == 'It "cools".'
    whole = {'"stop"': "stop"}.get(text)
    assert [paper.abstract for paper in kept[:-1]] == ([whole] if whole else [])
    assert len(found) == 2


def test_a_row_behind_a_broken_one_must_fit_the_header():
    data = HEADER + 'Mills,"We "time\nmills",2020\nGlass,It cools.\nRivers,They fall.,2021\n'
    found = items(data)
    assert [item.title for item in found if isinstance(item, Paper)] == ["Rivers"]
    assert [item.line for item in found if isinstance(item, Rejected)] == [2, 3, 4]


def test_a_quote_left_open_says_which_lines_it_took():
    rows = "".join(f"Title {n},Some text {n},2020\n" for n in range(40))
    found = items(HEADER + 'Bad,"never closed,2020\n' + rows + 'Next,"closed" here,2020\n')
    (rejected,) = (item for item in found if isinstance(item, Rejected))
    assert rejected.line == 2 and "lines 2 to 43 are left out" in rejected.reason


def test_a_quote_open_at_the_end_is_rejected():
    (found,) = items(HEADER + 'Bad,"never closed')
    assert isinstance(found, Rejected)


def test_a_row_over_many_lines_is_bounded():
    wide = '"' + "x" * 1000 + '\n",'
    data = HEADER + "Wide," + wide * (MAX_LINE // 1000 + 10) + "end\n"
    found = items(data)
    assert "a row of more than 8,388,608 characters" in found[0].reason
    assert all(isinstance(item, Rejected) for item in found)


@pytest.mark.parametrize("quote", ['"', 'a","'])
def test_open_quotes_cost_each_line_once(quote):
    work = []
    for size in (2000, 4000):
        looked_at = []

        def lines(size=size, looked_at=looked_at):
            yield HEADER.encode()
            for number in range(size):
                looked_at.append(number)
                yield f"{quote}Title {number},Some text {number},2020\n".encode()

        stream = BytesIO(b"".join(lines()))
        found = list(read(None, stream=stream, format="csv"))
        work.append(len(found) + len(looked_at))
    assert work[1] <= 2.1 * work[0]
