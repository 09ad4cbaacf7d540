"""Answers as HTML: nothing lost, nothing run, who wrote what visible."""

from __future__ import annotations

import dataclasses
from pathlib import PurePath

import pytest
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

from rag.language.sane import visible
from rag.types import Evidence, Filters, Found, Hit, Passage, Screened, Understood
from ui.html.answer import answer_html, prose_html, table_rows
from ui.html.claims import spans_of
from ui.html.corpus import papers_html, rejected_html, summary_html
from ui.html.login import login_html
from ui.html.paper import highlighted, merged, panel_html, read_spans
from ui.html.talks import conversations_html
from ui.html.turn import conversation_html, empty_html, failure_html, notice_html, turn_html
from ui.talk.conversations import Conversation, StoredTurn
from ui.talk.desk import View

MOMENT = "2025-01-02T03:04:05+00:00"
KINDS = ("fact", "list", "compare", "paper")


@pytest.mark.parametrize("kind", KINDS)
def test_every_claim_is_shown_and_told_apart(kind):
    answer = make_answer([make_paper(n) for n in range(1, 4)], kind=kind)
    html = answer_html(answer, turn="t1")
    seen = Seen(html)
    for claim in answer.claims:
        assert claim.text in seen.text
    classes = [found.get("class", "") for _, found in seen.elements]
    # The legend shows one of each besides the claims themselves.
    assert classes.count("claim quoted") == 2 + 1
    assert classes.count("claim supported") == 1 + 1


def test_a_claim_of_a_record_has_a_chip_that_names_the_field():
    answer = make_recorded([make_paper(1), make_paper(2, title=HOSTILE[0])])
    seen = assert_harmless(turn_html(View("When?", answer=answer, done=True), turn="t1"))
    assert all(claim.text in seen.text for claim in answer.claims)
    classes = [found.get("class", "") for _, found in seen.elements]
    assert classes.count("claim record") == 2
    assert seen.text.count("Record: date") == 2
    assert "claim quoted" not in classes and "Screened" not in seen.text
    assert "Chosen by its" not in seen.text


def test_what_asks_for_no_paper_is_not_told_that_none_answers_it():
    answer = dataclasses.replace(make_abstained([]), kind="other", text="I answer questions.")
    seen = Seen(answer_html(answer, turn="t1"))
    assert "I answer questions." in seen.text and "No answer" not in seen.text


@pytest.mark.parametrize("kind", KINDS)
def test_every_marker_carries_what_opens_it(kind):
    papers = [make_paper(n) for n in range(1, 4)]
    answer = make_answer(papers, kind=kind)
    markers = [
        found
        for found in Seen(answer_html(answer, turn="t1")).with_event("paper")
        if found["class"] == "marker"
    ]
    assert [marker["data-paper"] for marker in markers] == ["p1", "p2", "p3"]
    for marker, claim in zip(markers, answer.claims, strict=True):
        citation = claim.citations[0]
        assert read_spans(marker["data-spans"]) == [(citation.start, citation.end)]
        assert marker["data-turn"] == "t1"


def test_quotation_marks_of_the_text_are_not_doubled():
    answer = make_answer([make_paper(1), make_paper(2)], marks=True)
    seen = Seen(prose_html(answer, turn="t"))
    assert "\u201cMethod 1 halves the cost\u201d [1]" in seen.text
    assert seen.text.count("\u201c") == seen.text.count("\u201d") == 1


def test_a_comparison_is_a_table_with_a_column_a_paper():
    answer = make_comparison()
    assert [len(row) for row in table_rows(answer)] == [3, 3, 3]
    seen = Seen(answer_html(answer, turn="t"))
    heads = [found for tag, found in seen.elements if tag == "th"]
    assert [head["scope"] for head in heads] == ["col"] * 3 + ["row"] * 2
    assert sum(tag == "td" for tag, _ in seen.elements) == 4
    titles = [found for found in seen.with_event("paper") if "title" in found["class"]]
    assert [title["data-paper"] for title in titles] == ["p1", "p2"]
    markers = [found for found in seen.with_event("paper") if found["class"] == "marker"]
    assert [marker["data-paper"] for marker in markers] == ["p1", "p2", "p1"]
    spans = [(c.citations[0].start, c.citations[0].end) for c in answer.claims]
    assert [read_spans(marker["data-spans"]) for marker in markers] == [[span] for span in spans]
    assert "not stated in the abstract" in seen.text
    assert "after the table" in seen.text
    assert "|" not in seen.text.replace("a|b", "")


def test_a_comparison_without_a_table_is_prose():
    answer = make_answer([make_paper(1)], kind="compare")
    assert "table" not in Seen(answer_html(answer, turn="t")).tags


def test_a_marker_of_no_source_stays_text():
    answer = make_answer([make_paper(1)], opening="As in [7], ")
    seen = Seen(answer_html(answer, turn="t1"))
    assert "As in [7], " in seen.text
    assert [found["data-paper"] for found in seen.with_event("paper")] == ["p1"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_stays_text(kind, words):
    paper = make_paper(
        1,
        title=words,
        abstract=f"{words} halves it. Second.",
        authors=(words,),
        organization=words,
        source=(words,),
        url=words,
    )
    answer = dataclasses.replace(make_answer([paper], kind=kind, question=words), reason=words)
    view = View(question=words, answer=answer, done=True)
    seen = assert_harmless(turn_html(view, turn="t1"))
    assert visible(words) in seen.text
    panel = assert_harmless(panel_html(paper, spans=[(0, 4)], why=words))
    assert panel.text.count(visible(words)) >= 3


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_in_the_other_states(words):
    papers = [make_paper(1, title=words)]
    assert visible(words) in assert_harmless(answer_html(make_abstained(papers), turn="t")).text
    assert visible(words) in assert_harmless(failure_html(words, words)).text
    assert visible(words) in assert_harmless(empty_html([words], papers=3)).text
    understood = Understood(words, words + "?", "list", make_answer(papers).filters)
    view = View(question=words, understood=understood)
    assert visible(words) in assert_harmless(turn_html(view, turn="t", note=words)).text
    answer = make_answer(papers, question=words, filters=Filters(organization=words))
    turns = [StoredTurn("t1", words, answer, rating=-1, comment=words)]
    seen = assert_harmless(conversation_html(turns, conversation='"><b>'))
    assert seen.text.count(visible(words)) >= 3  # question, organisation, title
    assert dict(seen.attributes)["data-conversation"] == '"><b>'
    listed = conversations_html([Conversation(words, words, MOMENT, 1)], current=words)
    assert visible(words) in assert_harmless(listed).text
    hit = Hit(papers[0], (), 0.5, {words: 1.0})
    assert (
        visible(words)
        in assert_harmless(papers_html(papers, page=1, pages=2, total=9, hits=[hit])).text
    )
    summary = assert_harmless(summary_html({"sources": {words: 1}}))
    assert visible(PurePath(words).name) in summary.text
    assert [found["data-source"] for found in summary.with_event("forget")] == [visible(words)]
    record = {"path": words, "line": 3, "reason": words, "excerpt": words}
    assert assert_harmless(rejected_html([record])).text.count(visible(words)) >= 2
    assert visible(words) in assert_harmless(notice_html(words, words)).text
    assert visible(words) in assert_harmless(login_html(words, action="/login")).text


def test_ten_thousand_characters_are_all_there():
    long = "x<" * 5000
    paper = make_paper(1, abstract=long)
    assert Seen(panel_html(paper, spans=[(1, 9999)])).text.count("x<") == 5000


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x", "http://[bad"])
def test_an_address_a_browser_may_not_follow_is_text(url):
    seen = assert_harmless(panel_html(make_paper(1, url=url)))
    assert url in seen.text
    assert "a" not in seen.tags


def test_the_highlight_is_the_quote_and_the_abstract_is_whole():
    abstract = "One. Two <b>. Three."
    html = str(highlighted(abstract, [(5, 13)]))
    assert html == "One. <mark>Two &lt;b&gt;.</mark> Three."
    assert Seen(highlighted(abstract, [(0, 3), (2, 9), (90, 99)])).text == abstract


def test_spans_are_merged_and_kept_inside():
    assert merged([(5, 9), (0, 5), (12, 99), (3, 3)], 20) == [(0, 9), (12, 20)]


@pytest.mark.parametrize("written", ["", "x-y", "1-", "-5", "9" * 30 + "-1", "1.5-2", "²-³"])
def test_spans_that_are_none_are_left_out(written):
    assert read_spans(written) == []


def test_spans_written_are_read_back():
    answer = make_answer([make_paper(1)])
    citations = [c for claim in answer.claims for c in claim.citations]
    assert read_spans(spans_of(citations, 1)) == [(0, citations[0].end)]


def test_abstaining_names_the_nearest_and_says_why():
    seen = Seen(answer_html(make_abstained([make_paper(1), make_paper(2)]), turn="t"))
    assert "No paper speaks of a cup." in seen.text
    assert [found["data-paper"] for found in seen.with_event("paper")] == ["p1", "p2"]


def test_a_partial_answer_says_so():
    answer = dataclasses.replace(
        make_answer([make_paper(1)]), outcome="partial", reason="You stopped it."
    )
    assert "Partial answer: You stopped it." in Seen(answer_html(answer, turn="t")).text
    growing = Seen(answer_html(answer, turn="t", finished=False))
    assert "Partial" not in growing.text


def test_evidence_comes_before_the_words():
    answer = make_answer([make_paper(1)])
    paper = answer.sources[0].paper
    found = Found((Evidence(1, paper, (Passage("p1", 0, 0, 25),)),), Screened(253, 40, 1))
    before = Seen(turn_html(View("q", found=found), turn="t"))
    assert paper.abstract[:25] in before.text
    assert "Reading 1 paper," in before.text
    waiting = Seen(turn_html(View("q", found=found, ahead=2), turn="t"))
    assert "2 questions ahead of yours" in waiting.text
    after = Seen(turn_html(View("q", found=found, answer=answer, done=True), turn="t"))
    assert "Reading" not in after.text


def test_no_papers_says_how_to_begin():
    assert "quoth ingest" in Seen(empty_html([], papers=0)).text
