# ruff: noqa: RUF001 (signs of texts)
"""Every common export is read whole: one small export a tool, with what must come of it."""

import json
import tracemalloc
from io import BytesIO

import pytest

from rag.errors import InputError
from rag.papers import Rejected, read
from rag.types import Paper

TEXT = "Forty mills along two rivers were timed in a dry summer. Each lost 12% of its flow."
AUTHORS = ("Ann Roe", "Jan van der Berg")


def items(data: str | bytes, **options) -> list[Paper | Rejected]:
    raw = data if isinstance(data, bytes) else data.encode()
    return list(read(None, stream=BytesIO(raw), **options))


def one(data: str | bytes, **options) -> Paper:
    (paper,) = items(data, **options)
    assert isinstance(paper, Paper), paper
    return paper


def lines(*texts: str) -> str:
    return "\n".join(texts) + "\n"


RIS = lines(
    "TY  - JOUR",
    "TI  - Mills and Weirs",
    "AU  - Roe, Ann",
    "AU  - van der Berg, Jan",
    "PY  - 2021",
    "DA  - 2021/06/30/",
    "DO  - https://doi.org/10.1234/Mill.1",
    "JF  - Mill Notes",
    "AB  - Forty mills along two rivers were timed in a dry summer. Each lost",
    " 12% of its flow.",
    "KW  - mills",
    "KW  - weirs",
    "ER  - ",
)
NBIB = lines(
    "",
    "PMID- 99000001",
    "OWN - NLM",
    "DP  - 2021 Jun 30",
    "TI  - Mills and",
    "      Weirs",
    "LID - 10.1234/Mill.1 [doi]",
    "AID - S0000(21)00001-1 [pii]",
    "AB  - Forty mills along two rivers were timed in a dry summer. Each lost 12% of",
    "      its flow.",
    "FAU - Roe, Ann",
    "AU  - Roe A",
    "FAU - van der Berg, Jan",
    "AU  - van der Berg J",
    "PT  - Journal Article",
    "OT  - mills",
    "OT  - weirs",
    "JT  - Mill Notes",
)
WOS = lines(
    "FN Clarivate Analytics Web of Science",
    "VR 1.0",
    "PT J",
    "AU Roe, A",
    "   van der Berg, J",
    "AF Roe, Ann",
    "   van der Berg, Jan",
    "TI Mills and",
    "   Weirs",
    "SO Mill Notes",
    "DT Article",
    "DE mills; weirs",
    "AB Forty mills along two rivers were timed in a dry summer. Each lost",
    "   12% of its flow.",
    "PD JUN 30",
    "PY 2021",
    "DI 10.1234/Mill.1",
    "UT WOS:1",
    "ER",
    "",
    "EF",
)
ENW = lines(
    "%0 Journal Article",
    "%T Mills and Weirs",
    "%A Roe, Ann",
    "%A van der Berg, Jan",
    "%J Mill Notes",
    "%D 2021",
    "%8 2021-06-30",
    f"%X {TEXT}",
    "%R 10.1234/Mill.1",
    "%K mills",
    "weirs",
)
PUBMED = f"""<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2024//EN"
 "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_240101.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">99000001</PMID><Article>
<Journal><JournalIssue><PubDate><Year>2021</Year><Month>Jun</Month><Day>30</Day></PubDate>
</JournalIssue><Title>Mill Notes</Title></Journal><ArticleTitle>Mills <i>and</i> Weirs</ArticleTitle>
<ELocationID EIdType="doi">10.1234/Mill.1</ELocationID><Abstract><AbstractText>{TEXT}</AbstractText>
</Abstract><AuthorList><Author><LastName>Roe</LastName><ForeName>Ann</ForeName></Author>
<Author><LastName>van der Berg</LastName><ForeName>Jan</ForeName></Author></AuthorList>
</Article><KeywordList><Keyword>mills</Keyword><Keyword>weirs</Keyword></KeywordList>
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""
_STYLED = '<style face="normal" font="default" size="100%">'
ENDNOTE = (
    '<?xml version="1.0" encoding="UTF-8" ?><xml><records><record><ref-type name="Journal Article">'
    "17</ref-type><contributors><authors>"
    f"<author>{_STYLED}Roe, Ann</style></author><author>{_STYLED}van der Berg, Jan</style></author>"
    f"</authors></contributors><titles><title>{_STYLED}Mills </style>{_STYLED}and Weirs</style>"
    f"</title><secondary-title>{_STYLED}Mill Notes</style></secondary-title></titles>"
    "<keywords><keyword>mills</keyword><keyword>weirs</keyword></keywords>"
    f"<dates><year>{_STYLED}2021</style></year><pub-dates><date>2021-06-30</date></pub-dates></dates>"
    f"<abstract>{_STYLED}{TEXT}</style></abstract>"
    "<electronic-resource-num>10.1234/Mill.1</electronic-resource-num></record></records></xml>"
)
_RECORD = ENDNOTE[ENDNOTE.index("<record>") : ENDNOTE.index("</records>")]
ATOM = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><title>Query</title><entry>
<id>http://arxiv.org/abs/2106.12345v2</id><updated>2022-01-01T00:00:00Z</updated>
<published>2021-06-30T18:00:00Z</published><title>Mills
  and Weirs</title><summary>  {TEXT}
</summary><author><name>Ann Roe</name></author><author><name>Jan van der Berg</name></author>
<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1234/Mill.1</arxiv:doi>
<arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">Mill Notes</arxiv:journal_ref>
<category term="mills"/><category term="weirs"/></entry></feed>"""
OAI = f"""<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords><record><header/>
<metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2106.12345</id><created>2021-06-30</created>
<authors><author><keyname>Roe</keyname><forenames>Ann</forenames></author><author>
<keyname>van der Berg</keyname><forenames>Jan</forenames></author></authors><title>Mills and Weirs
</title><categories>mills; weirs</categories><journal-ref>Mill Notes</journal-ref>
<doi>10.1234/Mill.1</doi><abstract>{TEXT}</abstract></arXiv></metadata></record></ListRecords></OAI-PMH>"""
CSL = {
    "id": "roe2021",
    "type": "article-journal",
    "title": "Mills and Weirs",
    "abstract": f"<jats:p>{TEXT}</jats:p>",
    "container-title": ["Mill Notes"],
    "DOI": "10.1234/Mill.1",
    "keyword": "mills, weirs",
    "author": [
        {"family": "Roe", "given": "Ann"},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
    ],
    "issued": {"date-parts": [["2021", 6, 30]]},
}
OPENALEX = {
    "id": "https://openalex.org/W1",
    "doi": "https://doi.org/10.1234/Mill.1",
    "display_name": "Mills and Weirs",
    "publication_date": "2021-06-30",
    "authorships": [{"author": {"display_name": name}} for name in AUTHORS],
    "primary_location": {"source": {"display_name": "Mill Notes"}},
    "keywords": [{"display_name": "mills"}, {"display_name": "weirs"}],
    "abstract_inverted_index": {
        word: [at for at, other in enumerate(TEXT.split()) if other == word]
        for word in TEXT.split()
    },
}
SCHOLAR = {
    "paperId": "ab" * 20,
    "externalIds": {"DOI": "10.1234/Mill.1", "ArXiv": "2106.12345", "CorpusId": 1},
    "title": "Mills and Weirs",
    "abstract": TEXT,
    "venue": "Mill Notes",
    "year": 2021,
    "publicationDate": "2021-06-30",
    "authors": [{"authorId": "1", "name": name} for name in AUTHORS],
    "keywords": ["mills", "weirs"],
}
ZOTERO = {
    "key": "ABCD2345",
    "data": {
        "itemType": "journalArticle",
        "title": "Mills and Weirs",
        "abstractNote": TEXT,
        "publicationTitle": "Mill Notes",
        "date": "2021-06-30",
        "DOI": "10.1234/Mill.1",
        "creators": [
            {"creatorType": "author", "firstName": "Ann", "lastName": "Roe"},
            {"creatorType": "author", "firstName": "Jan", "lastName": "van der Berg"},
            {"creatorType": "editor", "firstName": "Ed", "lastName": "Low"},
        ],
        "tags": [{"tag": "mills"}, {"tag": "weirs"}],
    },
}
LISTING = lines(
    "-" * 78,
    "\\\\",
    "arXiv:2106.12345",
    "Date: Wed, 30 Jun 2021 10:00:00 GMT   (120kb)",
    "",
    "Title: Mills and",
    "  Weirs",
    "Authors: Ann Roe, Jan van der Berg",
    "Categories: cs.MA",
    "Journal-ref: Mill Notes",
    "DOI: 10.1234/Mill.1",
    "\\\\",
    "  Forty mills along two rivers were timed in a dry summer. Each lost 12% of its",
    "flow.",
    "\\\\ ( https://arxiv.org/abs/2106.12345 ,  120kb)",
    "-" * 78,
)


def pretty(value: object) -> str:
    return json.dumps(value, indent=1)


@pytest.mark.parametrize(
    "data",
    [
        RIS,
        "\ufeff" + RIS.replace("\n", "\r\n"),
        RIS.replace("AB  -", "N2  -").replace("TI  -", "T1  -").replace("AU  -", "A1  -"),
        NBIB,
        WOS,
        ENW,
        PUBMED,
        ENDNOTE,
        ATOM,
        OAI,
        pretty([CSL]),
        json.dumps(CSL),
        json.dumps({"status": "ok", "message": {"items": [CSL]}}),
        pretty({"meta": {"count": 1}, "results": [OPENALEX]}),
        json.dumps(OPENALEX),
        pretty({"total": 1, "data": [SCHOLAR]}),
        json.dumps({"papers": [SCHOLAR]}),
        pretty([ZOTERO]),
        LISTING,
    ],
    ids="ris ris-crlf ris-old nbib wos enw pubmed endnote atom oai csl csl-line crossref openalex "
    "openalex-line s2 s2-line zotero listing".split(),
)
def test_every_field_of_an_export_is_read(data):
    paper = one(data)
    assert (paper.title, paper.abstract, paper.authors) == ("Mills and Weirs", TEXT, AUTHORS)
    assert (paper.date, paper.doi) == ("2021-06-30", "10.1234/mill.1")
    assert paper.venue == "Mill Notes"
    assert paper.keywords in (("mills", "weirs"), ("cs.MA",))
    numbers = {paper.paper_id, (paper.arxiv_id or "").removesuffix("v2")}
    assert numbers & {"10.1234/Mill.1", "2106.12345"}


HEADERS = {
    "zotero": "Key,Item Type,Publication Year,Author,Title,Publication Title,DOI,Abstract Note,Date",
    "scopus": "Authors,Author full names,Title,Year,Source title,DOI,Link,Abstract,Author Keywords",
    "wos": "Authors,Author Full Names,Article Title,Source Title,Abstract,Publication Date,Publication Year,DOI",
    "wos-tab": "PT\tAU\tAF\tTI\tSO\tAB\tPD\tPY\tDI\tID",
    "ieee": "Document Title,Authors,Publication Title,Publication Year,Abstract,DOI,Online Date",
    "dimensions": "Rank,Publication ID,DOI,Title,Abstract,Source title,PubYear,Publication Date,Authors",
    "lens": "Lens ID,Title,Date Published,Publication Year,Source Title,Abstract,Author/s,DOI",
    "cord19": "sha,title,doi,abstract,publish_time,authors,journal",
    "s2": "title,abstract,venue,year,publicationDate,authors,DOI",
    "pandas": ",title,abstract,journal,date,authors,doi",
    "german": "Titel,Autoren,Jahr,Zusammenfassung,Zeitschrift,DOI,Datum",
    "french": "Titre,Auteurs,Année,Résumé,Revue,DOI,Date",
}
CELLS = {
    **dict.fromkeys(("Title", "Article Title", "Document Title", "TI", "title", "Titel", "Titre"), "Mills and Weirs"),
    **dict.fromkeys(("Abstract", "Abstract Note", "AB", "abstract", "Zusammenfassung", "Résumé"), TEXT),
    **dict.fromkeys(("Author", "Author Full Names", "AF", "Author/s", "authors", "Autoren", "Auteurs"), "Roe, Ann; van der Berg, Jan"),
    **dict.fromkeys(("Authors",), "Roe, Ann; van der Berg, Jan"),
    "Author full names": "Roe, Ann (5719); van der Berg, Jan (5720)",
    "AU": "Roe, A; van der Berg, J",
    **dict.fromkeys(("Year", "Publication Year", "PY", "PubYear", "year", "Jahr", "Année"), "2021"),
    **dict.fromkeys(("Date", "publish_time", "publicationDate", "date", "Date Published", "Datum"), "2021-06"),
    **dict.fromkeys(("Publication Date", "PD"), "JUN"),
    **dict.fromkeys(("DOI", "DI", "doi"), "https://doi.org/10.1234/Mill.1"),
    **dict.fromkeys(("Source title", "Source Title", "Publication Title", "SO", "journal", "venue", "Zeitschrift", "Revue"), "Mill Notes"),
    "Item Type": "journalArticle",
    "Key": "ABCD2345",
    "ID": "RIVERS; SUMMER",
    "Link": "https://www.scopus.com/inward/record.uri?eid=2-s2.0-1",
    "Online Date": "5 Jan 2022",
    "Author Keywords": "mills; weirs",
    "": "0",
}  # fmt: skip


@pytest.mark.parametrize("tool", HEADERS)
@pytest.mark.parametrize("rows", [1, 3])
def test_every_table_of_a_tool_is_read(tool, rows):
    sign = "\t" if "\t" in HEADERS[tool] else ","
    names = HEADERS[tool].split(sign)
    row = sign.join('"' + CELLS.get(name, "").replace('"', '""') + '"' for name in names)
    paper, *rest = items(lines(sign.join(names), *[row] * rows))
    assert len(rest) == rows - 1
    assert (paper.title, paper.abstract, paper.authors) == ("Mills and Weirs", TEXT, AUTHORS)
    assert paper.date.startswith("2021") and paper.date != "2022-01-05"
    assert (paper.paper_id, paper.doi, paper.venue) == (
        "10.1234/Mill.1",
        "10.1234/mill.1",
        "Mill Notes",
    )
    assert paper.url == "https://doi.org/10.1234/mill.1"


@pytest.mark.parametrize(
    "preamble", ["sep=;\n", '"sep=;"\n', '"About the data: exported on Sep 30; by Ann"\n\n']
)
def test_what_stands_before_a_header_is_no_header(preamble):
    paper = one(f"{preamble}Title;Abstract;Year\nMills;{TEXT};2020\n")
    assert (paper.title, paper.date) == ("Mills", "2020")


@pytest.mark.parametrize(
    "nothing",
    ["nan", "NULL", "None", "N/A", "-", "No abstract.", "[No abstract available]", "Not available",
     "Abstract not available", "There is no abstract for this article.", "No abstract is available"],
)  # fmt: skip
def test_what_stands_for_no_abstract_is_none(nothing):
    (rejected,) = items(json.dumps({"title": "Mills", "abstract": nothing}))
    assert rejected.reason == "no abstract"
    other = {"title": "Mills", "abstract": nothing, "summary": TEXT, "authors": nothing}
    paper = one(json.dumps(other))
    assert (paper.abstract, paper.authors) == (TEXT, ())


def test_a_publishers_line_alone_is_no_abstract():
    record = {"title": "Mills", "abstract": "\u00a9 2020 Mill Press Ltd. All rights reserved."}
    (rejected,) = items(json.dumps(record))
    assert rejected.reason == "no abstract"
    assert one(json.dumps({**record, "summary": TEXT})).abstract == TEXT


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<p>It hums at 105&nbsp;Hz.</p><p>Wet.<br/>CO<sub>2</sub></p>", "It hums at 105 Hz. Wet. CO2"),
        ("10<sup>6</sup> m<sup>3</sup> &lt; 5 &amp;amp; more", "10^6 m3 < 5 & more"),
        ("&lt;p&gt;Escaped&lt;/p&gt; once", "Escaped once"),
        (
            "<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title><jats:p>To see."
            "</jats:p></jats:sec><jats:sec><jats:title>Results</jats:title><jats:p>Seen.</jats:p></jats:sec>",
            "Aim: To see. Results: Seen.",
        ),
        (
            "<mml:math><mml:msup><mml:mn>10</mml:mn><mml:mn>-3</mml:mn></mml:msup></mml:math> and "
            "<mml:mfrac><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfrac>",
            "10^-3 and a/b",
        ),
        ("p <0.05 and y> 3, the <s> and <think> tokens", "p <0.05 and y> 3, the <s> and <think> tokens"),
        (r"in $\mathcal{O}(n \log n)$ with \textbf{no} swaps", "in O(n log n) with no swaps"),
        (r"the Poincar{\'e} map, a 5.1\% gain", "the Poincaré map, a 5.1% gain"),
        (r"parts$\unicode{x2013}$such as weights", "parts–such as weights"),
        (r"costs $5 to $6, \d+ and C:\temp stay", r"costs $5 to $6, \d+ and C:\temp stay"),
    ],
)  # fmt: skip
def test_words_are_as_the_paper_has_them_in_any_format(written, text):
    assert one(json.dumps({"title": "Mills", "abstract": written})).abstract == text
    cell = written.replace('"', '""')
    assert one(f'title,abstract\nMills,"{cell}"\n').abstract == text
    assert one(RIS.split("AB  -")[0] + f"AB  - {written}\nER  - \n").abstract == text


def test_what_a_source_says_beside_is_kept():
    paper = one(
        json.dumps(
            {
                "title": "RETRACTED: Mills",
                "abstract": TEXT,
                "github_repo": "https://github.com/example/mills",
                "type": "Review",
                "categories": "cs.CL cs.AI",
                "url": "https://arxiv.org/abs/2106.12345v3",
            }
        )
    )
    assert (paper.retracted, paper.type, paper.keywords) == (
        "RETRACTED",
        "Review",
        ("cs.CL", "cs.AI"),
    )
    assert (paper.code_url, paper.arxiv_id) == ("https://github.com/example/mills", "2106.12345v3")
    assert one(RIS).retracted is None
    assert one(WOS.replace("DT Article", "DT Article; Retracted Publication")).retracted


@pytest.mark.parametrize(
    ("damaged", "good"),
    [
        (lines("[", '{"title": "Cut, "abstract": "x",', '"y": 1},', json.dumps(CSL), "]"), 1),
        (pretty([CSL, CSL])[:-200], 1),
        (RIS + "TY  - JOUR\nTI  - No end\nAB  - It goes on.\n" + RIS, 3),
        (ENDNOTE.replace("</record>", "</record><record><titles>", 1), 1),
    ],
)
def test_damage_costs_its_own_record_and_is_said(damaged, good):
    found: list[Paper | Rejected] = []
    error = None
    try:
        for item in read(None, stream=BytesIO(damaged.encode())):
            found.append(item)
    except InputError as caught:
        error = str(caught)
    kept = [item for item in found if isinstance(item, Paper)]
    assert len(kept) == good
    assert error or len(found) > good or good == 3


def test_xml_that_declares_entities_is_refused_and_nothing_is_expanded():
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    with pytest.raises(InputError, match="declares entities of its own"):
        items(bomb + "<records><record><titles><title>&b;</title></titles></record></records>")
    outside = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    with pytest.raises(InputError, match="declares entities of its own"):
        items(outside + "<records><record><abstract>&a;</abstract></record></records>")


@pytest.mark.parametrize(
    "bomb",
    ["<records>" * 20_000, "[" * 200_000, '{"a":' * 100_000, '[{"a":' * 50_000, "TY  - \n" * 20_000],
    ids=["xml", "lists", "objects", "both", "ris"],
)  # fmt: skip
def test_nesting_and_emptiness_are_an_error_or_rejections(bomb):
    found = []
    try:
        found += read(None, stream=BytesIO(bomb.encode()))
    except InputError as error:
        assert str(error).startswith("-")
    assert all(isinstance(item, Rejected) and item.reason for item in found)
    assert len(bomb) > 100_000 and sum(len(item.excerpt) for item in found) <= len(bomb)


@pytest.mark.parametrize(
    "many",
    [
        lambda count: RIS * count,
        lambda count: json.dumps([CSL] * count),
        lambda count: f"<xml><records>{_RECORD * count}</records></xml>",
        lambda count: HEADERS["pandas"] + "\n" + f'0,Mills,"{TEXT}",J,2020,Roe,x\n' * count,
    ],
    ids=["ris", "json", "xml", "csv"],
)
def test_twice_the_records_take_the_same_memory(many):
    peaks = []
    for count in (600, 1200):  # over the 64 kB that are looked at first
        data = BytesIO(many(count).encode())
        tracemalloc.start()
        assert sum(isinstance(item, Paper) for item in read(None, stream=data)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]
