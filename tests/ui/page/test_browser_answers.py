"""In a real browser, with the bundled models: asking, reading, following a marker, stopping.

What an answer says is not tested here but what is shown of it: every expectation is read from
the answer that was kept, and questions that need an outcome are chosen by asking.
"""

from __future__ import annotations

import time

import pytest
from person import Person, stored, until

from ui.html.paper import merged

pytestmark = pytest.mark.slow

FACT = "What win rate does SPPO reach against GPT-4-Turbo on AlpacaEval 2.0?"
COMPARE = "Compare SPPO and CIVICS."
LISTS = (
    "Which papers study preference optimization?",
    "Which papers study alignment?",
    "Which papers study reward models?",
)
NOTHINGS = (
    "Who is the goalkeeper of the national football team?",
    "How do I bake bread with rye flour?",
    "Which papers study medieval pottery?",
)

# Notes in the page what appears first: evidence, or words of an answer.
_WATCH = """() => {
  window.seen = [];
  const note = (name) => { if (!window.seen.includes(name)) window.seen.push(name); };
  new MutationObserver(() => {
    const live = document.getElementById('live');
    if (live.querySelector('.progress')) note('progress');
    if (live.querySelector('.evidence blockquote')) note('evidence');
    if (live.querySelector('.answer .claim')) note('words');
  }).observe(document.getElementById('live'), {childList: true, subtree: true});
}"""


@pytest.fixture(scope="module")
def asked(page, quick_page, browser):
    """One person who has asked one question of each kind; the tests of this module look on."""
    ask = quick_page.site.assistant.ask
    listing = next(q for q in LISTS if len(ask(q).sources) > 1)
    nothing = next(q for q in NOTHINGS if ask(q).outcome == "abstained")
    one = Person(browser, page.url)
    one.begin()
    one.tab.evaluate(_WATCH)
    for question in (FACT, listing, COMPARE, nothing):
        one.ask(question)
    yield one
    one.leave()


def answers(page, asked):
    """The answers as they are kept."""
    return [turn.answer for turn in stored(page, asked)]


def plain(words):
    """The words as a browser shows them, which makes every stretch of white one space."""
    return " ".join(words.split())


def test_evidence_is_on_screen_before_the_words(asked):
    assert asked.tab.evaluate("window.seen") == ["progress", "evidence", "words"]


def test_each_kind_has_its_shape(page, asked):
    fact, listing, comparison, nothing = (asked.tab.locator("#log .turn").nth(n) for n in range(4))
    kept = answers(page, asked)
    assert [answer.kind for answer in kept[:3]] == ["fact", "list", "compare"]
    assert fact.locator(".prose-answer .claim").count() == len(kept[0].claims) > 0
    assert listing.locator(".card").count() == len(kept[1].sources) > 0
    assert comparison.locator("table.comparison th[scope=col]").count() == 3
    assert kept[3].outcome == "abstained"
    assert nothing.locator(".notice").is_visible()
    assert nothing.locator(".notice a.opens").count() == len(kept[3].nearest)


def test_every_claim_is_shown_as_what_it_is(page, asked):
    for number, answer in enumerate(answers(page, asked)):
        shown = asked.tab.locator("#log .turn").nth(number).locator(".answer")
        for verdict in ("quoted", "supported"):
            words = shown.locator(f":not(.legend) > .claim.{verdict}").all_inner_texts()
            wanted = [claim.text for claim in answer.claims if claim.verdict == verdict]
            marks = "\u201c\u201d" if verdict == "quoted" else ""
            assert sorted(plain(word).strip(marks) for word in words) == sorted(
                plain(claim).strip(marks) for claim in wanted
            )
        if answer.claims:
            assert shown.locator(".legend").is_visible()


def test_words_of_papers_and_of_the_model_look_different(asked):
    looks = """(node) => {
      const style = getComputedStyle(node);
      return [style.fontFamily, style.textDecorationLine, style.backgroundColor].join();
    }"""
    legend = asked.tab.locator(".legend").first
    quoted = legend.locator(".quoted").evaluate(looks)
    supported = legend.locator(".supported").evaluate(looks)
    assert quoted != supported
    assert "serif" in quoted


def test_a_marker_opens_its_paper_at_the_quoted_words(page, asked):
    marks = asked.tab.locator("#panel mark")
    for number, answer in enumerate(answers(page, asked)):
        markers = asked.tab.locator("#log .turn").nth(number).locator(".answer a.marker")
        pairs = [
            (claim, label)
            for claim in answer.claims
            for label in dict.fromkeys(citation.label for citation in claim.citations)
        ]
        assert markers.count() == len(pairs)
        for place, (claim, label) in enumerate(pairs[:6]):
            markers.nth(place).click()
            paper = next(s.paper for s in answer.sources if s.label == label)
            spans = [(c.start, c.end) for c in claim.citations if c.label == label]
            wanted = [paper.abstract[a:b] for a, b in merged(spans, len(paper.abstract))]
            asked.tab.locator("#panel h2", has_text=paper.title).wait_for()
            until(asked.tab, lambda wanted=wanted: marks.all_text_contents() == wanted)
            assert asked.tab.locator("#panel .abstract").text_content() == paper.abstract
            assert marks.first.is_visible()


def test_the_opened_panel_has_the_focus_and_escape_gives_it_back(asked):
    marker = asked.tab.locator("#log a.marker").first
    marker.focus()
    asked.tab.keyboard.press("Enter")
    asked.tab.wait_for_selector("#panel .abstract")
    asked.tab.wait_for_function("document.activeElement.id === 'panel-title'")
    asked.tab.keyboard.press("Escape")
    asked.tab.wait_for_selector("#panel .abstract", state="detached")
    asked.tab.wait_for_function("document.activeElement.classList.contains('marker')")


def test_how_much_was_screened_is_said(page, asked):
    seen = answers(page, asked)[1].screened
    words = asked.tab.locator("#log .turn").nth(1).locator(".screened").first.inner_text()
    assert words == f"Screened {seen.candidates} of 253 papers, matched {seen.matched}."


def test_sources_say_why_they_were_chosen(asked):
    fact = asked.tab.locator("#log .turn").first
    assert "Chosen by its score" in fact.locator(".source .why").first.text_content()


def test_years_of_a_list_are_a_plot(page, asked):
    years = [s.paper.year for s in answers(page, asked)[1].sources if s.paper.year is not None]
    counts = asked.tab.locator("#log .turn").nth(1).locator(".years .count").all_inner_texts()
    drawn = len(years) if len(set(years)) > 1 else 0  # one year alone is no plot
    assert sum(int(count) for count in counts if count) == drawn


def test_the_map_marks_the_papers_and_opens_them(page, asked):
    turn = asked.tab.locator("#log .turn").nth(1)
    turn.get_by_role("button", name="Show on the map").click()
    asked.tab.locator("#panel svg .marked").first.wait_for(timeout=180_000)
    sources = answers(page, asked)[1].sources
    assert asked.tab.locator("#panel svg .marked").count() == len(sources)
    assert asked.tab.locator("#panel svg [data-event=paper]").count() == 253
    first = asked.tab.locator("#panel svg .marked").last
    title = first.locator("title").inner_html()
    first.click()
    asked.tab.wait_for_selector("#panel .abstract")
    assert asked.tab.locator("#panel h2").inner_html() == title
    asked.tab.keyboard.press("Escape")
    asked.tab.wait_for_selector("#panel .abstract", state="detached")


@pytest.mark.parametrize("how", ["button", "Escape"])
def test_stop_ends_the_answer_and_the_next_begins(person, page, how):
    one = person(page.url)
    one.begin()
    one.send(LISTS[0])
    one.tab.locator("#live .evidence").wait_for()
    if how == "button":
        one.tab.locator("#stop").click()
    else:
        one.tab.keyboard.press("Escape")
    turn = one.finished(1)
    assert "Partial answer: stopped" in turn.inner_text()
    began = time.monotonic()
    one.send(FACT)
    one.tab.locator("#live .chips").wait_for()
    # One second on a machine of its own (lab/bench/page.py measures it); others work here too.
    assert time.monotonic() - began < 10
    one.tab.locator("#stop").click()
    one.finished(2)


def test_nothing_left_the_machine_and_nothing_broke(asked):
    assert asked.outside == []
    assert asked.errors == []
