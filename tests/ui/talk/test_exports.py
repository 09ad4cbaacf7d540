"""Files to take along: complete, readable by other programs, and harmless in them."""

from __future__ import annotations

import csv
import dataclasses
import io
import json

import bibtexparser
import pytest
from markdown_it import MarkdownIt
from ui_helpers import (
    HOSTILE,
    Seen,
    assert_harmless,
    make_abstained,
    make_answer,
    make_comparison,
    make_paper,
    make_recorded,
)

from eval.sets.questions import question_from_json, read_questions
from rag.exports import to_bibtex
from rag.papers import read
from rag.types import Turn
from ui.talk.cases import case_of, write_cases
from ui.talk.conversations import StoredTurn
from ui.talk.exports import (
    FORMATS,
    conversation_to_json,
    conversation_to_markdown,
    exported,
    quotes_of,
)

PAPERS = [
    make_paper(1, authors=("Ada Lovelace", "Bo Li"), url="https://example.org/1"),
    make_paper(2, organization="Acme"),
]


def test_bibtex_has_an_entry_a_source():
    library = bibtexparser.parse_string(exported(make_answer(PAPERS), format="bib"))
    assert not library.failed_blocks
    first, second = library.entries
    assert (first.key, second.key) == ("p1", "p2")
    assert first["author"] == "Ada Lovelace and Bo Li"
    assert first["year"] == "2021"
    assert "author" not in second
    assert second["institution"] == "Acme"


@pytest.mark.parametrize("words", [*HOSTILE, "}} @misc{x, title={", "a\nb{", "50% & $5 _ # ~"])
def test_bibtex_survives_any_title(words):
    papers = [make_paper(1, title=words, abstract=words + " halves it. Two."), make_paper(2)]
    library = bibtexparser.parse_string("".join(to_bibtex(papers)))
    assert not library.failed_blocks
    assert [entry.key for entry in library.entries] == ["p1", "p2"]


def test_csv_has_a_line_a_source():
    rows = list(csv.DictReader(io.StringIO(exported(make_answer(PAPERS), format="csv"))))
    assert [row["title"] for row in rows] == [paper.title for paper in PAPERS]
    assert rows[0]["authors"] == "Ada Lovelace; Bo Li"
    assert rows[0]["quotes"] == "Method 1 halves the cost"


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_csv_has_no_formulas(words):
    answer = make_answer([make_paper(1, title=words)])
    rows = list(csv.DictReader(io.StringIO(exported(answer, format="csv"))))
    assert rows[0]["title"] == "'" + words.strip()


def test_json_is_the_contract():
    tree = json.loads(exported(make_answer(PAPERS), format="json"))
    assert tree["schema"] == "quoth.answer/1"
    assert len(tree["claims"]) == 2


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("kind", ["fact", "list", "compare"])
def test_markdown_stays_text(words, kind):
    paper = make_paper(1, title=words, authors=(words,), url=words)
    answer = make_answer([paper], question=words, kind=kind)
    answer = dataclasses.replace(answer, outcome="partial", reason=words)
    for text in (exported(answer, format="md"), conversation_to_markdown(words, [answer])):
        rendered = MarkdownIt("commonmark", {"html": True}).render(text)
        seen = assert_harmless(rendered)
        assert not seen.tags & {"a", "code", "textarea", "template"}


def test_markdown_says_what_the_answer_says():
    answer = make_answer(PAPERS, marks=True)
    text = MarkdownIt().render(exported(answer, format="md"))
    assert "Method 1 halves the cost” [1]" in text
    assert "[1] NAME1: Paper number 1. Ada Lovelace, Bo Li, 2021-01-02." in text
    assert '<a href="https://example.org/1">' in text


def test_markdown_of_a_comparison_is_its_table():
    text = exported(make_comparison(), format="md")
    rendered = Seen(MarkdownIt().enable("table").render(text.replace("a | b", "a b")))
    assert {"table", "th", "td"} <= rendered.tags
    assert sum(tag == "tr" for tag, _ in rendered.elements) == 3


def test_markdown_of_an_abstention_names_the_nearest():
    text = exported(make_abstained(PAPERS), format="md")
    assert "No answer: No paper speaks of a cup." in text
    assert "NAME2" in text


def test_other_formats_are_none():
    with pytest.raises(KeyError):
        exported(make_answer(PAPERS), format="exe")
    assert set(FORMATS) == {"bib", "csl", "csv", "json", "md", "ris"}


@pytest.mark.parametrize("format", ["bib", "ris", "csl", "csv", "md"])
def test_what_is_saved_is_read_back_by_our_own_readers(format):
    full = dataclasses.replace(
        PAPERS[0],
        paper_id="10.1234/ab_1",
        date="2021-06-30",
        doi="10.1234/ab_1",
        arxiv_id="2106.12345v2",
        venue="Mill & Weir Notes",
        keywords=("mills", "weirs"),
        url="https://example.org/a_b?c=1&d=2",
    )
    text = exported(make_answer([full, PAPERS[1]]), format=format)
    first, second = read(None, stream=io.BytesIO(text.encode()))
    for name in ("title", "abstract", "authors", "date", "doi", "arxiv_id", "venue", "url"):
        assert getattr(first, name) == getattr(full, name), name
    assert first.keywords == full.keywords
    assert (second.title, second.abstract) == (PAPERS[1].title, PAPERS[1].abstract)


def test_what_a_record_says_is_in_every_file():
    answer = make_recorded(PAPERS)
    said = [f"date: {paper.date}" for paper in PAPERS]
    assert [quotes_of(answer, source) for source in answer.sources] == [[one] for one in said]
    assert all(one in exported(answer, format="csv") for one in said)
    tree = json.loads(exported(answer, format="json"))
    cited = [claim["citations"] for claim in tree["claims"]]
    assert [claim["verdict"] for claim in tree["claims"]] == ["record", "record"]
    assert cited[0] == [{"label": 1, "paper_id": "p1", "field": "date", "value": PAPERS[0].date}]
    markdown = exported(answer, format="md").replace("\\", "")
    assert all(str(paper.date) in markdown for paper in PAPERS)


def test_a_conversation_has_all_its_answers():
    answers = [make_answer(PAPERS, question=f"q{n}") for n in range(3)]
    tree = json.loads(conversation_to_json("name", answers))
    assert [answer["question"] for answer in tree["answers"]] == ["q0", "q1", "q2"]
    assert conversation_to_markdown("name", answers).count("## q") == 3


def test_quotes_of_a_source_come_once():
    answer = make_comparison()
    assert quotes_of(answer, answer.sources[0]) == ["Set a|b is one", "It is big."]


@pytest.mark.parametrize("rating", [1, -1])
def test_a_rating_becomes_a_question_that_eval_reads(tmp_path, rating):
    said = (Turn("user", "before"), Turn("assistant", "so", paper_ids=("p1",)))
    turns = [
        (StoredTurn("t1", "q", make_answer(PAPERS, kind="fact"), rating, "odd"), ()),
        (StoredTurn("t2", "q", make_answer(PAPERS, kind="list"), rating), ()),
        (StoredTurn("t3", "q", make_comparison(), rating), ()),
        (StoredTurn("t4", "q", make_abstained(PAPERS), rating), ()),
        (StoredTurn("t5", "q", make_answer(PAPERS), rating), said),
    ]
    path = tmp_path / "feedback.jsonl"
    write_cases(path, [case_of(turn, history=before) for turn, before in turns])
    questions = read_questions(path, with_drafts=True).questions
    kinds = [question.type for question in questions]
    assert kinds == [
        "fact",
        "list",
        "compare",
        "unanswerable" if rating > 0 else "fact",
        "followup",
    ]
    assert questions[0].papers == tuple(paper.title for paper in PAPERS)
    assert len(questions[4].history) == 2
    assert "odd" in json.loads(path.read_text().splitlines()[0])["note"]
    assert question_from_json(case_of(*turns[0][:1])) == questions[0]
