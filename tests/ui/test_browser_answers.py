"""In a real browser, with the bundled models: asking, reading, following a marker."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow

FACT = "What win rate does SPPO reach against GPT-4-Turbo on AlpacaEval 2.0?"
LIST = "Which papers study preference optimization?"
COMPARE = "Compare SPPO and CIVICS."
NOTHING = "Who won the football world cup in 1990?"

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
def asked(page, browser):
    """One person who has asked one question of each kind; the tests of this module look on."""
    from person import Person

    one = Person(browser, page.url)
    one.begin()
    one.tab.evaluate(_WATCH)
    for question in (FACT, LIST, COMPARE, NOTHING):
        one.ask(question)
    yield one
    one.leave()


def stored(page, asked):
    """The answers as they are kept."""
    import sqlite3

    with sqlite3.connect(page.folder / "conversations.sqlite") as database:
        owner = database.execute(
            "SELECT owner FROM conversations WHERE conversation_id = ?", (asked.conversation(),)
        ).fetchone()[0]
    return page.site.conversations.turns(owner, asked.conversation())


def test_evidence_is_on_screen_before_the_words(asked):
    assert asked.tab.evaluate("window.seen") == ["progress", "evidence", "words"]


def test_each_kind_has_its_shape(page, asked):
    fact, listing, comparison, nothing = (asked.tab.locator("#log .turn").nth(n) for n in range(4))
    answers = [turn.answer for turn in stored(page, asked)]
    assert [answer.kind for answer in answers[:3]] == ["fact", "list", "compare"]
    assert fact.locator(".prose-answer .claim").count() == len(answers[0].claims)
    assert listing.locator(".card").count() == len(answers[1].sources) >= 2
    assert comparison.locator("table.comparison th[scope=col]").count() == 3
    assert answers[3].outcome == "abstained"
    assert nothing.locator(".notice").is_visible()
    assert nothing.locator(".notice a.opens").count() == len(answers[3].nearest) > 0


def test_every_claim_is_shown_as_what_it_is(page, asked):
    for number, turn in enumerate(stored(page, asked)):
        shown = asked.tab.locator("#log .turn").nth(number).locator(".answer")
        for verdict in ("quoted", "supported"):
            words = shown.locator(f":not(.legend) > .claim.{verdict}").all_inner_texts()
            wanted = [claim.text for claim in turn.answer.claims if claim.verdict == verdict]
            assert sorted(word.strip("“”") for word in words) == sorted(wanted)
        if turn.answer.claims:
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
    for number, turn in enumerate(stored(page, asked)[:3]):
        markers = asked.tab.locator("#log .turn").nth(number).locator(".answer a.marker")
        answer = turn.answer
        pairs = [
            (claim, label)
            for claim in answer.claims
            for label in dict.fromkeys(citation.label for citation in claim.citations)
        ]
        assert markers.count() == len(pairs)
        for place, (claim, label) in enumerate(pairs):
            markers.nth(place).click()
            paper = next(s.paper for s in answer.sources if s.label == label)
            title = asked.tab.locator("#panel h2", has_text=paper.title)
            title.wait_for()
            quotes = {c.quote for c in claim.citations if c.label == label}
            marks = asked.tab.locator("#panel mark")
            assert "".join(marks.all_inner_texts()) == "".join(
                sorted(quotes, key=paper.abstract.index)
            )
            assert asked.tab.locator("#panel .abstract").inner_text() == paper.abstract


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
    listing = stored(page, asked)[1].answer
    seen = listing.screened
    words = asked.tab.locator("#log .turn").nth(1).locator(".screened").first.inner_text()
    assert words == f"Screened {seen.candidates} of 253 papers, matched {seen.matched}."


def test_sources_say_why_they_were_chosen(asked):
    fact = asked.tab.locator("#log .turn").first
    assert "Chosen by its score" in fact.locator(".source .why").first.inner_text()


def test_years_of_a_list_are_a_plot(page, asked):
    papers = [source.paper for source in stored(page, asked)[1].answer.sources]
    counts = asked.tab.locator("#log .turn").nth(1).locator(".years .count").all_inner_texts()
    assert sum(int(count) for count in counts if count) == sum(p.year is not None for p in papers)


def test_the_map_marks_the_papers_and_opens_them(page, asked):
    turn = asked.tab.locator("#log .turn").nth(1)
    turn.get_by_role("button", name="Show on the map").click()
    asked.tab.wait_for_selector("#panel svg .marked", timeout=60_000)
    sources = stored(page, asked)[1].answer.sources
    assert asked.tab.locator("#panel svg .marked").count() == len(sources)
    assert asked.tab.locator("#panel svg [data-event=paper]").count() == 253
    first = asked.tab.locator("#panel svg .marked").last
    title = first.locator("title").inner_html()
    first.click()
    asked.tab.wait_for_selector("#panel .abstract")
    assert asked.tab.locator("#panel h2").inner_html() == title
    asked.tab.keyboard.press("Escape")


def test_nothing_left_the_machine_and_nothing_broke(asked):
    assert asked.outside == []
    assert asked.errors == []
