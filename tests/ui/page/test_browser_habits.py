"""In a real browser: keys, dark, phone, zoom, screen readers, the network, loading."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace

import pytest
from page_server import served
from person import PHONE, Person

pytestmark = pytest.mark.slow

FACT = "What does the CIVICS paper show?"


def fits(tab):
    """Nothing sticks out to the side."""
    return tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")


def problems(tab):
    """What axe finds that is serious or critical, in words."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(tab).response["violations"]
    return [
        f"{one['impact']} {one['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.fixture(scope="module")
def reader(quick_page, browser):
    """Somebody with an answer of two kinds, and a minute to spare: it begins with the first test."""
    one = Person(browser, quick_page.url)
    one.opened_at = time.monotonic()
    one.begin()
    one.ask(FACT)
    one.ask("Compare SPPO and CIVICS.")
    yield one
    one.leave()


def test_the_page_passes_axe(reader):
    tab = reader.tab
    assert problems(tab) == []
    tab.locator("#log a.marker").first.click()
    tab.wait_for_selector("#panel .abstract")
    assert problems(tab) == []
    tab.keyboard.press("Escape")
    tab.locator(".change summary").first.click()
    tab.locator(".sidebar .toggle-button").click()
    tab.locator("#talk-list .menu summary").first.click()
    assert problems(tab) == []
    tab.locator(".sidebar .toggle-button").click()
    tab.get_by_role("tab", name="Papers").click()
    tab.wait_for_selector(".papers li")
    assert problems(tab) == []
    tab.get_by_role("tab", name="Ask").click()


def test_shift_enter_is_a_new_line_and_enter_asks(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    box = one.tab.locator("#question textarea")
    box.press_sequentially("What does")
    one.tab.keyboard.press("Shift+Enter")
    box.press_sequentially("CIVICS show?")
    assert box.input_value() == "What does\nCIVICS show?"
    assert one.turns() == 0
    one.tab.keyboard.press("Enter")
    one.tab.locator("#live .question", has_text="CIVICS show?").wait_for()
    assert box.input_value() == ""
    one.finished(1)


def test_nothing_is_asked_with_nothing_typed(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    one.send("   ")
    one.tab.locator("#ask").click()
    one.tab.wait_for_timeout(500)
    assert one.tab.locator("#live .turn").count() == 0
    one.begin()


def test_an_example_is_asked_by_keyboard_alone(person, quick_page):
    one = person(quick_page.url)
    one.begin()
    examples = one.tab.locator(".example")
    assert examples.count() == 4
    words = examples.nth(1).inner_text()
    examples.nth(1).focus()
    one.tab.keyboard.press("Enter")
    assert words in one.finished(1).inner_text()


def test_the_page_passes_axe_in_the_dark(person, quick_page):
    one = person(quick_page.url, dark=True)
    one.begin()
    assert problems(one.tab) == []
    turn = one.ask(FACT)
    turn.locator("a.marker").first.click()
    one.tab.wait_for_selector("#panel .abstract")
    assert problems(one.tab) == []
    background = one.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    red = int(background.partition("(")[2].partition(",")[0])
    assert red < 80, background


def test_a_phone_shows_all_of_it(person, quick_page):
    one = person(quick_page.url, **PHONE, has_touch=True, is_mobile=True)
    one.begin()
    assert fits(one.tab)
    turn = one.ask(FACT)
    assert fits(one.tab)
    turn.locator("a.marker").first.tap()
    panel = one.tab.locator("#panel")
    panel.locator(".abstract").wait_for()
    box = panel.bounding_box()
    assert box["width"] >= 380
    assert box["x"] <= 5
    panel.locator(".close").tap()
    one.tab.wait_for_selector("#panel .abstract", state="detached")
    one.ask("Compare SPPO and CIVICS.")
    assert fits(one.tab)
    one.tab.get_by_role("tab", name="Papers").tap()
    one.tab.wait_for_selector(".papers li")
    assert fits(one.tab)


def test_it_can_be_read_at_twice_the_size(person, quick_page):
    # 200 % zoom of a 1280 pixel window is a window of 640 CSS pixels.
    one = person(quick_page.url, width=640, height=430)
    one.begin()
    one.ask(FACT)
    assert fits(one.tab)
    assert one.tab.locator("#question").is_visible()
    one.tab.locator("#log a.marker").first.click()
    one.tab.wait_for_selector("#panel .abstract")
    assert fits(one.tab)


def test_everything_one_can_press_has_a_name(reader):
    nameless = reader.tab.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea, select, summary')]
          .filter((node) => node.offsetParent !== null)
          .filter((node) => !node.textContent.trim() && !node.getAttribute('aria-label')
            && !node.title && !node.labels?.length && !node.placeholder
            && !node.querySelector('title'))
          .map((node) => node.outerHTML.slice(0, 200))"""
    )
    assert nameless == []


def test_loading_is_shown_and_reading_works_before_the_model(box_config, browser, monkeypatch):
    from rag.models.writer.writer import Writer

    go = threading.Event()
    monkeypatch.setattr(Writer, "warm", lambda self: go.wait(300))  # a model that loads long
    with served(box_config) as running:
        one = Person(browser, running.url)
        one.begin()
        one.tab.locator("#loading", has_text="Loading the models").wait_for()
        one.tab.get_by_role("tab", name="Papers").click()
        one.tab.wait_for_selector(".papers li")
        one.tab.get_by_label("Search", exact=True).fill("culturally informed values")
        one.tab.keyboard.press("Enter")
        one.tab.locator(".papers li >> nth=0 >> text=CIVICS").wait_for()
        go.set()
        one.tab.get_by_role("tab", name="Ask").click()
        one.tab.locator("#loading", has_text="Loading").wait_for(state="hidden")
        one.leave()


def test_without_an_index_one_begins_with_a_file(quick_config, tmp_path, browser):
    papers = tmp_path / "mine.jsonl"
    lines = [
        {"title": f"Owl{n}: Owls at Night", "abstract": f"Owl{n} hears mice at {n}0 metres."}
        for n in (1, 2)
    ]
    papers.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with served(replace(quick_config, index=tmp_path / "nothing")) as running:
        one = Person(browser, running.url)
        one.tab.locator(".empty", has_text="quoth ingest").wait_for()
        one.send(FACT)
        one.tab.locator("#live .notice", has_text="no index").wait_for()
        one.tab.locator("#ask").wait_for()
        one.tab.get_by_role("tab", name="Papers").click()
        one.tab.locator("#summary", has_text="There are no papers yet").wait_for()
        one.tab.get_by_role("button", name="Add papers").click()
        one.tab.locator("#files input[type=file]").set_input_files(papers)
        one.tab.locator("#files").get_by_text("mine").first.wait_for()
        one.tab.locator("#add-button").click()
        one.tab.locator("#report .report", has_text="2 added").wait_for()
        one.tab.get_by_role("tab", name="Ask").click()
        one.tab.locator(".empty", has_text="Ask 2 papers a question").wait_for()
        assert "Owl2" in one.ask("How far does Owl2 hear mice?").inner_text()
        one.leave()


def test_a_minute_on_the_page_and_no_request_left_the_machine(reader):
    left = 60 - (time.monotonic() - reader.opened_at)
    reader.tab.wait_for_timeout(max(0, left) * 1000)
    assert reader.outside == []
    assert reader.errors == []
