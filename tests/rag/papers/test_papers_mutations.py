"""Damaged files of each format: whatever is in them, nothing but our own errors comes of it.

QUOTH_MUTATIONS=2000 tries that many a reader.
"""

import gzip
import json
import os
import random
from io import BytesIO
from pathlib import Path

import pytest

from rag.errors import QuothError
from rag.papers import FORMATS, Catalogue, Rejected, read
from rag.types import Paper

TRIES = int(os.environ.get("QUOTH_MUTATIONS", "150"))
FIXTURES = Path(__file__).parents[1] / "fixtures"


def _lines(*records: dict) -> bytes:
    """Each record and three more like it, a line each."""
    more = [{**record, "title": f"Mills {n}"} for record in records for n in range(3)]
    return "".join(json.dumps(record) + "\n" for record in (*records, *more)).encode()


WHOLE = {
    "page": (FIXTURES / "page.txt").read_bytes(),
    "bibtex": (FIXTURES / "library.bib").read_bytes()
    + rb"@article{x, title={\texttt{A} $70%$}, author={{B, C} and \'E. D}, year=2020, "
    + rb"abstract={p {\textless} 5, \SI{5}{\ms} \verb|x| \begin{itemize}\item a\end{itemize}}}",
    "csv": b"id,title,abstract,authors,year,doi,url\n"
    b'1,Mills,"We time ""mills"",\nand weirs.","Roe, Ann; Low, Bo",2020,10.1234/ab,https://e.org\n'
    b"2,Glass,It cools.,A. Bell,2021,N/A,x\n",
    "jsonl": _lines(
        {
            "id": "2405.12345v2",
            "title": "Mills \ud83d",
            "abstract": ["We time.", "Mills."],
            "authors": [{"name": "Ann Roe"}, ["Low", "Bo", ""]],
            "date": "May 3, 2024",
            "upvotes": 1e400,
            "comments": 12.0,
            "organization": {"fullname": "Mill Mill"},
            "url": "https://e.org/a",
        },
        {"doi": "10.1234/ab", "title": "Glass", "text": "It cools.", "year": 2020.5},
    ),
    "arxiv": _lines(
        {
            "id": "0704.0001",
            "title": "Mills",
            "abstract": " We time mills.\n",
            "authors": "A. Roe, B. Low",
            "authors_parsed": [["Roe", "A.", ""]],
            "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
            "update_date": "2008-11-26",
            "submitter": "x",
        }
    ),
    "beir": _lines({"_id": "4", "title": "Mills", "text": "We.", "metadata": {"year": 2019}}),
}
_RECORD = {"id": "a", "title": "Mills", "abstract": "<p>We $x^2$ time &amp; mills.</p>",
           "DOI": "10.1234/ab", "author": [{"family": "Roe", "given": "Ann"}],
           "issued": {"date-parts": [[2020, 5]]}}  # fmt: skip
WHOLE |= {
    "markdown": b"# Papers\n\n"
    + b"### Mills\n\n- Id: m1\n- Authors: Ann Roe; Bo Low\n- Date: 2020-05\n- DOI: 10.1234/ab\n\n> We time mills.\n\n"
    * 3,
    "json": json.dumps([_RECORD] * 2, indent=1).encode() + json.dumps({"data": [_RECORD]}).encode(),
    "ris": b"TY  - JOUR\nTI  - Mills\nAU  - Roe, Ann\nDA  - 2020/05/\nDO  - 10.1234/ab\n"
    b"AB  - We time\n mills.\nKW  - a\nER  - \n\n" * 4,
    "nbib": b"PMID- 1\nTI  - Mills\nFAU - Roe, Ann\nDP  - 2020 May\nLID - 10.1234/ab [doi]\n"
    b"AB  - We time\n      mills.\n\n" * 4,
    "wos": b"FN A\nVR 1.0\n" + b"PT J\nAU Roe, A\n   Low, B\nTI Mills\nAB We time\n   mills.\n"
    b"PD MAY\nPY 2020\nDI 10.1234/ab\nER\n\n" * 4,
    "enw": b"%0 Journal Article\n%T Mills\n%A Roe, Ann\n%D 2020\n%X We time mills.\n%K a\nb\n\n"
    * 4,
    "xml": b"<xml><records>"
    + b"<record><titles><title>Mills</title></titles><contributors><authors>"
    b"<author>Roe, Ann</author></authors></contributors><dates><year>2020</year></dates>"
    b"<abstract>We time &amp; mills.</abstract></record>\n" * 6 + b"</records></xml>",
    "listing": b"\\\\\narXiv:2405.12345\nDate: Mon, 3 Jun 2024 10:00:00 GMT\n\nTitle: Mills\n"
    b"Authors: Ann Roe\n\\\\\n  We time mills.\n\\\\ ( https://e.org )\n" * 4,
}
ODD = [
    *(b"\x00", b"\x1b]0;x\x07", b"\xff", b"\xed\xa0\x80", b"\xe2\x80\xa8", b"\r", b"\n\n", b"\t"),
    *(b'"', b'""', b"{", b"}", b"[", b"]", b"\\", b"$", b"%", b"#", b"&", b"~", b"^", b",", b"="),
    *(b"\\ud800", b"\\u0000", b"NaN", b"-Infinity", b"1e999", b"9" * 400, b"9" * 5000, b"null"),
    *(b"[" * 900, b"{" * 900, b'{"a":' * 400, b"(" * 50, b"@article{", b"@string{a=", b"and "),
    *(b"\\begin{a}", b"\\end{a}", b"\\verb", b"\\frac", b"\\sqrt[", b"\\'", b"\\SI{", b"\\cite["),
    *(b"\\input{/dev/zero}", b"\\item", b"\\\\", b"\\[", b"\\(", b"\\left", b"true", b"-0"),
    *("İıſ\u200b\u202e\ufdd0".encode(), b" " * 500, b"\xc2\xb7", b"2 authors", b"May 4"),
]


def _mutated(data: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.choice((1, 1, 2, 3, 6))):
        place, end = sorted(dice.randrange(len(data) + 1) for _ in range(2))
        near = min(end, place + 60)
        other = dice.choice(list(WHOLE.values()))
        cut = dice.randrange(len(other))
        data = dice.choice(
            (
                data[:place] + dice.choice(ODD) + data[place:],
                data[:place] + dice.choice(ODD) + data[near:],
                data[:place] + bytes(dice.randrange(256) for _ in range(3)) + data[place + 3 :],
                data[:place],
                data[:place] + data[near:],
                data[:end] + data[place:],
                data[:place] + other[cut : cut + 200] + data[place:],
            )
        )
    return data


@pytest.mark.parametrize("format", FORMATS)
def test_no_mutation_of_a_file_raises_what_is_not_ours(format):
    dice = random.Random(f"{format} 24")
    kept = 0
    for number in range(TRIES):
        data = _mutated(WHOLE[format], dice)
        packed = gzip.compress(data) if number % 10 == 0 else data
        catalogue = Catalogue()
        try:
            for item in read(
                None,
                stream=BytesIO(packed),
                format=dice.choice((format, format, "auto")),
                page_year=2025,
                on_note=lambda note: note.encode(),
            ):
                assert isinstance(item, Paper | Rejected)
                repr(item).encode()
                if isinstance(item, Paper):
                    kept += 1
                    json.dumps(catalogue.add(item).paper.url, ensure_ascii=False).encode()
                    "\n".join((item.title, item.abstract, *item.authors, item.paper_id)).encode()
        except QuothError as error:
            str(error).encode()
        catalogue.settle()
        "\n".join(catalogue.notes).encode()
    assert kept > TRIES // 3
