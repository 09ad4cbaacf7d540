"""In a real browser: conversations that stay, chips that ask again, ratings, things to take along."""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import replace

import pytest
from page_server import served
from person import Person, stored, until

pytestmark = pytest.mark.slow

FACT = "What does the CIVICS paper show?"


@pytest.fixture(scope="module")
def reader(quick_page, browser):
    """Somebody with one answered question."""
    one = Person(browser, quick_page.url, permissions=["clipboard-read", "clipboard-write"])
    one.begin()
    one.ask(FACT)
    yield one
    one.leave()


def shown(tab):
    """What can be read of the conversation, without what only the moment decides."""
    return [
        (turn.locator(".question").inner_text(), turn.locator(".answer").inner_html())
        for turn in tab.locator("#log .turn").all()
    ]


def test_a_reload_shows_the_same_answers(reader):
    before = shown(reader.tab)
    for _ in range(5):  # events of the page being opened come in any order
        reader.tab.reload()
        reader.finished(1)
        reader.tab.wait_for_timeout(300)
        assert shown(reader.tab) == before


def test_a_restart_shows_the_same_answers(browser, quick_config, tmp_path):
    folder = tmp_path / "index"
    shutil.copytree(quick_config.index, folder)
    config = replace(quick_config, index=folder)
    with served(config) as running:
        one = Person(browser, running.url)
        one.begin()
        one.ask(FACT)
        before, kept = shown(one.tab), one.conversation()
        cookies = one.context.cookies()
        one.leave()
    with served(config) as running:
        again = Person(browser, running.url)
        again.context.clear_cookies()
        again.context.add_cookies(cookies)  # cookies know no ports: it is the same browser
        again.tab.goto(f"{running.url}?c={kept}")
        again.finished(1)
        assert shown(again.tab) == before
        again.tab.locator("#log a.marker").first.click()
        again.tab.wait_for_selector("#panel mark")
        again.leave()


def test_nobody_else_sees_it(reader, quick_page, person):
    other = person(quick_page.url)
    other.tab.goto(f"{quick_page.url}?c={reader.conversation()}")
    other.begin()
    assert other.turns() == 0
    assert other.tab.locator("#talk-list .talk").count() == 0
    turn = reader.tab.locator("#log .turn").first.get_attribute("id")
    assert other.context.request.get(f"{quick_page.url}saved/answer/{turn}.json").status == 404
    talk = f"{quick_page.url}saved/conversation/{reader.conversation()}.json"
    assert other.context.request.get(talk).status == 404
    assert reader.context.request.get(talk).status == 200


def test_sources_are_saved_in_four_formats(reader):
    turn = reader.tab.locator("#log .turn").first
    for name, sign in (("BibTeX", "@misc{"), ("Markdown", "## "), ("CSV", "label,"), ("JSON", "{")):
        with reader.tab.expect_download() as download:
            turn.locator(".exports a", has_text=re.compile(f"^{name}$")).click()
        content = download.value.path().read_text(encoding="utf-8")
        assert content.startswith(sign)
        assert "CIVICS" in content


def test_sources_are_copied(reader):
    turn = reader.tab.locator("#log .turn").first
    turn.locator(".exports button.copy", has_text="BibTeX").click()
    turn.locator(".copied", has_text="BibTeX copied.").wait_for()
    assert "@misc{" in reader.tab.evaluate("navigator.clipboard.readText()")


def test_a_rating_with_a_comment_becomes_a_case(reader, quick_page):
    turn = reader.tab.locator("#log .turn").first
    turn.get_by_role("button", name="Wrong").click()
    turn.locator(".thumb[aria-pressed=true]", has_text="Wrong").wait_for()
    turn.locator("input[name=comment]").fill("not <b>what</b> I asked")
    turn.get_by_role("button", name="Keep").click()
    kept = quick_page.folder / "private" / "feedback.jsonl"
    deadline = time.monotonic() + 20  # the field shows the comment before the server has it
    while "I asked" not in kept.read_text(encoding="utf-8") and time.monotonic() < deadline:
        time.sleep(0.05)
    lines = kept.read_text(encoding="utf-8").splitlines()
    case = next(case for case in map(json.loads, lines) if case["question"] == FACT)
    assert case["status"] == "draft"
    assert "not <b>what</b> I asked" in case["note"]


def test_a_filter_is_a_chip_and_removing_it_asks_again(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    turn = one.ask("Which papers from 2024 study preference optimization?")
    chip = turn.locator(".chip.filter")
    assert chip.inner_text().startswith("Year 2024")
    for year in turn.locator(".card time").all_inner_texts():
        assert year.startswith("2024")
    chip.get_by_role("button").click()
    again = one.finished(2)
    assert again.locator(".chip.filter").count() == 0
    first, second = (kept.answer for kept in stored(quick_page, one))
    assert (first.filters.year_min, first.filters.year_max) == (2024, 2024)
    assert (second.filters.year_min, second.filters.year_max) == (None, None)
    assert second.question == first.standalone_question


def test_what_was_understood_can_be_changed(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    turn = one.ask("Which papers study preference optimization?")
    turn.locator(".change summary").click()
    form = turn.locator(".change form")
    form.locator("[name=year_min]").fill("soon")
    form.get_by_role("button", name="Ask again").click()
    one.tab.get_by_text("'soon' is not between").wait_for()
    turn.locator(".change summary").click()
    form.locator("[name=year_min]").fill("2025")
    form.locator("[name=order]").select_option("newest")
    form.get_by_role("button", name="Ask again").click()
    again = one.finished(2)
    assert again.locator(".chip.filter").all_inner_texts()[0].startswith("Year from 2025")
    years = again.locator(".card time").all_inner_texts()
    assert years == sorted(years, reverse=True)
    assert all(year.startswith("2025") for year in years)


def test_a_follow_up_keeps_its_evidence(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    one.ask(FACT)
    turn = one.ask("In which languages was it made?")
    first, second = (kept.answer for kept in stored(quick_page, one))
    assert second.standalone_question != second.question
    assert second.standalone_question in turn.locator(".standalone").inner_text()
    about = {source.paper.paper_id for source in first.sources}
    assert about & {paper.paper_id for paper in papers_of(second)}


def papers_of(answer):
    """The papers an answer is about, or came near to."""
    return [found.paper for found in (*answer.sources, *answer.nearest)]


def test_conversations_are_listed_searched_renamed_and_deleted(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    one.ask("What does the ADPO paper show?")
    one.tab.locator(".sidebar .toggle-button").click()
    one.tab.get_by_role("button", name="New conversation").click()
    one.begin()
    one.ask(FACT)
    talks = one.tab.locator("#talk-list .talk")
    talks.nth(1).wait_for()
    until(one.tab, lambda: "CIVICS" in talks.nth(0).inner_text())

    one.tab.locator("#search-talks textarea, #search-talks input").fill("adpo")
    one.tab.wait_for_function("document.querySelectorAll('#talk-list .talk').length === 1")
    until(one.tab, lambda: "ADPO" in talks.first.inner_text())
    one.tab.locator("#search-talks textarea, #search-talks input").fill("")
    talks.nth(1).wait_for()

    one.tab.locator("#talk-list .menu summary").nth(1).click()
    one.tab.locator("#talk-list input[name=title]").nth(1).fill("Anchors <i>aweigh</i>")
    one.tab.get_by_role("button", name="Rename").click()
    one.tab.get_by_text("Anchors <i>aweigh</i>").wait_for()

    one.tab.get_by_text("Anchors <i>aweigh</i>").click()
    one.tab.locator("#log .question", has_text="ADPO").wait_for()
    one.tab.locator("#talk-list .menu summary").nth(1).click()
    one.tab.get_by_role("button", name="Delete it for good").click()
    one.tab.wait_for_function("document.querySelectorAll('#talk-list .talk').length === 1")
    one.begin()


def test_a_conversation_is_saved_whole(reader):
    reader.tab.locator(".sidebar .toggle-button").click()
    reader.tab.locator("#talk-list .menu summary").first.click()
    with reader.tab.expect_download() as download:
        reader.tab.locator("#talk-list .menu a", has_text="JSON").first.click()
    tree = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert [answer["question"] for answer in tree["answers"]] == [FACT]


def test_nothing_left_the_machine(reader):
    assert reader.outside == []
    assert reader.errors == []
