# ruff: noqa: RUF001 (signs of texts)
"""Records of any words come back field for field from each format; no bytes do harm.

QUOTH_MUTATIONS=2000 tries that many a format.
"""

import csv
import io
import json
import os
import re
import string
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import InputError
from rag.exports import to_csl, to_markdown, to_ris
from rag.papers import Rejected, read
from rag.papers.text.plain import clean, title_id
from rag.papers.values.absent import is_absent
from rag.types import Paper

TRIES = int(os.environ.get("QUOTH_MUTATIONS", "10"))
quick = settings(
    max_examples=TRIES,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
LETTERS = string.ascii_letters + "äéñøßžłđıкмλ你好はשע"
TAG = re.compile(r"<\s*/?\s*[a-z][^<>]*>", re.IGNORECASE)
SIGNS = string.digits + ".,:;()%+-=/'\"!?<>–—°±µ×≤≥∞"
word = st.text(LETTERS, min_size=2, max_size=9).filter(lambda text: not is_absent(text))
loose = st.text(LETTERS + SIGNS, min_size=1, max_size=12)
name = (
    st.tuples(word, word)
    .map(lambda parts: " ".join(parts).title())
    .filter(lambda n: n.isascii())
    .filter(lambda n: not {"Jr", "Sr", "Ii", "Iii", "Iv", "Md"} & {*n.split()})  # suffixes of names
)
sentence = (
    st.tuples(word, st.lists(loose, min_size=3, max_size=12))
    .map(
        lambda parts: clean(f"We {parts[0]} {' '.join(parts[1])} so it is."),
    )
    .filter(lambda text: not TAG.search(text))
)  # "0 <P > so" is a paragraph to who reads HTML
dates = st.dates().map(lambda day: day.isoformat()).filter(lambda day: "1500" < day < "2026")
dois = st.text(string.ascii_lowercase + string.digits, min_size=2, max_size=8).map(
    lambda end: f"10.1234/{end}"
)


@st.composite
def papers(draw) -> Paper:
    doi = draw(st.none() | dois)
    title = " ".join(draw(st.lists(word, min_size=2, max_size=6)))
    authors = tuple(dict.fromkeys(draw(st.lists(name, max_size=4))))
    return Paper(
        doi or title_id(title),
        title,
        " ".join(draw(st.lists(sentence, min_size=1, max_size=3))),
        date=draw(st.none() | dates | dates.map(lambda day: day[:7]) | dates.map(lambda day: day[:4])),
        authors=authors,
        author_count=len(authors) or None,
        url=f"https://doi.org/{doi}" if doi else None,
        source=("-",),
        doi=doi,
        venue=draw(st.none() | name),
        keywords=tuple(dict.fromkeys(draw(st.lists(word, max_size=3)))),
    )  # fmt: skip


def nbib(paper: Paper) -> str:
    values = [("PMID", "1"), ("TI", paper.title), ("AB", paper.abstract), ("JT", paper.venue)]
    values += [("FAU", ", ".join(reversed(author.split(" ")))) for author in paper.authors]
    values += [("OT", keyword) for keyword in paper.keywords]
    values += [("DP", paper.date), ("LID", paper.doi and f"{paper.doi} [doi]")]
    return "".join(f"{tag:<4}- {value}\n" for tag, value in values if value) + "\n"


def wos(paper: Paper) -> str:
    authors = "\n   ".join(", ".join(reversed(author.split(" "))) for author in paper.authors)
    values = [("PT", "J"), ("AF", authors), ("TI", paper.title), ("SO", paper.venue)]
    values += [
        ("DE", "; ".join(paper.keywords)),
        ("AB", paper.abstract.replace(" so ", "\n   so ")),
    ]
    values += [("PD", paper.date), ("DI", paper.doi)]
    return "".join(f"{tag} {value}\n" for tag, value in values if value) + "ER\n\n"


def enw(paper: Paper) -> str:
    values = [
        ("0", "Journal Article"),
        ("T", paper.title),
        ("J", paper.venue),
        ("X", paper.abstract),
    ]
    values += [("A", ", ".join(reversed(author.split(" ")))) for author in paper.authors]
    values += [("8", paper.date), ("R", paper.doi), ("K", "\n".join(paper.keywords))]
    return "".join(f"%{tag} {value}\n" for tag, value in values if value) + "\n"


def pubmed(paper: Paper) -> str:
    people = "".join(
        f"<Author><LastName>{author.split(' ')[1]}</LastName><ForeName>{author.split(' ')[0]}"
        "</ForeName></Author>"
        for author in paper.authors
    )
    day = f"<ArticleDate>{_parts(paper.date)}</ArticleDate>" if paper.date else ""
    doi = f'<ELocationID EIdType="doi">{paper.doi}</ELocationID>' if paper.doi else ""
    words = "".join(f"<Keyword>{keyword}</Keyword>" for keyword in paper.keywords)
    return (
        f"<PubmedArticle><MedlineCitation><Article><Journal><Title>{paper.venue or ''}</Title></Journal>"
        f"<ArticleTitle>{escape(paper.title)}</ArticleTitle><Abstract><AbstractText>"
        f"{escape(paper.abstract)}</AbstractText></Abstract><AuthorList>{people}</AuthorList>{day}{doi}"
        f"</Article><KeywordList>{words}</KeywordList></MedlineCitation></PubmedArticle>"
    )


def _parts(date: str) -> str:
    named = zip(("Year", "Month", "Day"), date.split("-"), strict=False)
    return "".join(f"<{name}>{part}</{name}>" for name, part in named)


def bibtex(paper: Paper) -> str:
    signs = {sign: f"\\{sign}" for sign in "%&#$_"}
    abstract = "".join(signs.get(sign, sign) for sign in paper.abstract)
    values = [("title", paper.title), ("abstract", abstract), ("journal", paper.venue)]
    values += [("author", " and ".join(paper.authors)), ("date", paper.date), ("doi", paper.doi)]
    values += [("keywords", "; ".join(paper.keywords))]
    return "@article{k,\n" + "".join(f"  {n} = {{{v}}},\n" for n, v in values if v) + "}\n"


def row(paper: Paper) -> list[str]:
    authors, words = "; ".join(paper.authors), "; ".join(paper.keywords)
    return [paper.title, paper.abstract, authors, paper.date or "", paper.doi or "", paper.venue or "", words]  # fmt: skip


def table(found: list[Paper], sign: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=sign)
    writer.writerow(["Title", "Abstract", "Authors", "Date", "DOI", "Journal", "Keywords"])
    writer.writerows(map(row, found))
    return out.getvalue()


def plain_json(paper: Paper) -> dict:
    names = ("title", "abstract", "authors", "date", "doi", "venue", "keywords")
    return {name: getattr(paper, name) for name in names}


WRITERS = {
    "ris": lambda found: "".join(to_ris(found)),
    "nbib": lambda found: "".join(map(nbib, found)),
    "wos": lambda found: "FN A\nVR 1.0\n" + "".join(map(wos, found)) + "EF\n",
    "enw": lambda found: "".join(map(enw, found)),
    "pubmed": lambda found: f"<PubmedArticleSet>{''.join(map(pubmed, found))}</PubmedArticleSet>",
    "bibtex": lambda found: "\n".join(map(bibtex, found)),
    "csv": lambda found: table(found, ","),
    "tsv": lambda found: table(found, "\t"),
    "csl": lambda found: "".join(to_csl(found)),
    "markdown": lambda found: "".join(to_markdown(found)),
    "jsonl": lambda found: "".join(json.dumps(plain_json(paper)) + "\n" for paper in found),
    "pretty": lambda found: json.dumps([plain_json(paper) for paper in found], indent=2),
    "envelope": lambda found: json.dumps({"n": 1, "data": [plain_json(paper) for paper in found]}),
}
FIXED = [
    Paper("10.1234/ab", "Forty mills", "We time mills: 12% < 15% & more so it is.", "2021-06-30",
          ("Ann Roe", "Bo Low"), 2, url="https://doi.org/10.1234/ab", source=("-",),
          doi="10.1234/ab", venue="Mill Notes", keywords=("mills", "weirs")),
    Paper(title_id("Ten weirs"), "Ten weirs", "We see weirs. They leak so it is.", source=("-",)),
]  # fmt: skip


def gathered(data: str | bytes) -> tuple[list[Paper], list[Rejected], str]:
    raw = data if isinstance(data, bytes) else data.encode()
    found: list[Paper | Rejected] = []
    error = ""
    try:
        for item in read(None, stream=io.BytesIO(raw)):
            found.append(item)
    except InputError as caught:
        error = str(caught)
    kept = [item for item in found if isinstance(item, Paper)]
    return kept, [item for item in found if isinstance(item, Rejected)], error


def core(paper: Paper) -> tuple:
    # Without a DOI, the number of PubMed is an id.
    return (paper.doi and paper.paper_id, paper.title, paper.abstract, paper.date, paper.authors, paper.url,
            paper.doi, paper.venue, paper.keywords)  # fmt: skip


@pytest.mark.parametrize("format", WRITERS)
@quick
@given(found=st.lists(papers(), min_size=1, max_size=3))
def test_a_record_comes_back_field_for_field(format, found):
    kept, rejected, error = gathered(WRITERS[format](found))
    assert not rejected and not error
    assert [core(paper) for paper in kept] == [core(paper) for paper in found]


@pytest.mark.parametrize("format", WRITERS)
def test_a_file_cut_anywhere_keeps_no_cut_field_but_the_last(format):
    data = WRITERS[format](FIXED)
    whole = {paper.abstract for paper in FIXED}
    for end in range(0, len(data), max(1, len(data) // 60)):
        kept, _, _ = gathered(data[:end])
        assert len(kept) <= 2
        assert {paper.abstract for paper in kept[:-1]} <= whole
        assert all(paper.abstract[:1] == "W" for paper in kept)


@pytest.mark.parametrize("format", WRITERS)
@quick
@given(st.data())
def test_bytes_thrown_into_a_file_do_no_harm(format, data):
    text = WRITERS[format](FIXED).encode()
    place = data.draw(st.integers(0, len(text)))
    thrown = data.draw(st.binary(min_size=1, max_size=8))
    kept, rejected, _ = gathered(text[:place] + thrown + text[place:])
    for item in kept:
        "\n".join((item.title, item.abstract, *item.authors, *item.keywords)).encode()
    for item in rejected:
        str(item).encode()
