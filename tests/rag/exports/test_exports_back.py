"""What is written of papers is read back as it was, whatever their words look like."""

# ruff: noqa: RUF001 (signs of texts)

import io
import string

import bibtexparser
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from rag.exports import EXPORTS
from rag.papers import Rejected, read
from rag.papers.text.markup import unmarked_text
from rag.papers.text.plain import clean, title_id
from rag.papers.values.absent import is_absent
from rag.types import Paper

quick = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],  # to make it small takes minutes
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
EVERYWHERE = "title abstract date authors url doi arxiv_id venue type keywords".split()
KEPT = {
    "ris": [*EVERYWHERE, "retracted"],
    "bib": [*EVERYWHERE, "code_url"],
    "csl": [name for name in Paper.__dataclass_fields__ if name not in ("source", "paper_id")],
    "csv": [name for name in Paper.__dataclass_fields__ if name != "source"],
    "md": [name for name in Paper.__dataclass_fields__ if name != "source"],
}
word = st.text(string.ascii_letters + "äéñøßžłкмλ你好は", min_size=2, max_size=9).filter(
    lambda text: not is_absent(text)
)
# What other formats, TeX, HTML, Markdown and spreadsheets would take for their own.
SIGNS = (
    "$x_i$ $5 \\alpha \\textbf{so} \\\\ <b> <think> < > R&D; & && { } {} % # ~ ^ _ __ -- --- "
    "`` '' ' \" =1+1 -1 +1 @misc{x, | ; , [1] [a](b) ![a](b) > ## - 1. 2) * *so* https://a.example/b_c "
    "TY  - ER  - %0 AB: x^2 10^6 a_b 5% 50%, a&b C# (so) 'so' ''so'' ``so'' –0.5 ﹣1 '-1 \\ \\% \\& $ $$"
).split(" ")
odd = (
    st.lists(word | st.sampled_from(SIGNS), min_size=1, max_size=8)
    .map(" ".join)
    .filter(lambda text: unmarked_text(text) == text)
)
NAMES = (
    "Ann Roe|Bo Low|Jean-Pierre van der Berg|Łucja Żak|OpenMills|Martin King Jr.|J. K. Weir"
    "|The Mill and Weir Group"
).split("|")
dates = st.dates().map(lambda day: day.isoformat()).filter(lambda day: "1500" < day < "2026")


@st.composite
def papers(draw) -> Paper:
    doi = draw(st.none() | word.filter(str.isascii).map(lambda end: f"10.1234/{end.lower()}"))
    arxiv_id = draw(st.none() | st.sampled_from(["2106.12345", "2106.12345v2", "hep-th/0101001"]))
    title = clean(f"{draw(odd)} {draw(word)}")
    authors = tuple(draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True)))
    address = f"https://doi.org/{doi}" if doi else f"https://arxiv.org/abs/{arxiv_id}"
    bare = address if doi or arxiv_id else None
    return Paper(
        arxiv_id or doi or title_id(title),
        title,
        clean(f"We see {draw(odd)} so. And {draw(odd)} it is."),
        date=draw(st.none() | dates | dates.map(lambda day: day[:7]) | dates.map(lambda day: day[:4])),
        authors=authors,
        author_count=draw(st.none() | st.integers(5, 3000)) if not authors else len(authors),
        organization=draw(st.none() | word),
        comments=draw(st.none() | st.integers(0, 99)),
        upvotes=draw(st.none() | st.integers(0, 99)),
        url=draw(st.just(bare) | st.just("https://mill.example/a_b~c?d=1&e=%20f#g")),
        source=("mills.txt",),
        doi=doi,
        arxiv_id=arxiv_id,
        venue=draw(st.none() | st.sampled_from(["Mill & Weir Notes", "Trans. of Mills 50%"])),
        type=draw(st.none() | st.sampled_from(["journal article", "preprint"])),
        keywords=tuple(draw(st.lists(word, max_size=3, unique=True))),
        code_url=draw(st.none() | st.just("https://mill.example/code_of_it")),
        retracted=draw(st.none() | st.just("retraction of 2021")),
    )  # fmt: skip


SMALL = Paper("p1", "-1 of 2", "We see '-1' so.", source=("mills.txt",))
LONE = Paper("p2", "", "We see no title.", authors=("The Mill and Weir Group",), author_count=1,
             keywords=("mills, large",), source=("mills.txt",))  # fmt: skip


def gathered(text: str) -> list:
    return list(read(None, stream=io.BytesIO(text.encode())))


@pytest.mark.parametrize("format", EXPORTS)
@quick
@given(found=st.lists(papers(), max_size=3).map(lambda found: [SMALL, *found]))
def test_papers_come_back_field_for_field(format, found):
    back = gathered("".join(EXPORTS[format](found)))
    assert not [one for one in back if isinstance(one, Rejected)]
    assert len(back) == len(found)
    for before, after in zip(found, back, strict=True):
        for name in KEPT[format]:
            assert getattr(after, name) == getattr(before, name), name


@pytest.mark.parametrize("format", ["csl", "csv", "md"])
def test_a_paper_of_few_words_comes_back(format):
    _, back = gathered("".join(EXPORTS[format]([SMALL, LONE])))
    for name in KEPT[format]:
        assert getattr(back, name) == getattr(LONE, name), name


@quick
@example(words="}} @misc{x, title={")
@given(words=odd)
def test_bibtex_is_read_by_others(words):
    text = "".join(EXPORTS["bib"]([SMALL, Paper("p{1}", words, f"{words} so.", source=("a",))]))
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == ["p1", "p1-2"]


def test_no_papers_are_a_file_without_any():
    assert "".join(EXPORTS["csl"]([])) == "[]\n"
    assert "".join(EXPORTS["csv"]([])).count("\n") == 1
    assert [("".join(EXPORTS[format]([]))) for format in ("bib", "md", "ris")] == ["", "", ""]


@pytest.mark.parametrize("format", EXPORTS)
def test_papers_are_written_one_at_a_time(format):
    taken = []

    def supply():
        for number in range(50):
            taken.append(number)
            yield Paper(f"p{number}", f"Mills {number}", "We see mills.", source=("a",))

    pieces = EXPORTS[format](supply())
    for _ in range(5):
        next(pieces)
    assert len(taken) <= 5
