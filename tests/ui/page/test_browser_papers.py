"""In a real browser: the Papers tab, on an index of its own; hostile papers as text everywhere."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
from page_server import served
from person import Person
from ui_helpers import HOSTILE

LONG = "word<" * 2000  # 10,000 characters


@pytest.fixture(scope="module")
def library(quick_config, tmp_path_factory):
    """A page over a copy of the index that may be changed; answers are quotations only."""
    folder = tmp_path_factory.mktemp("library") / "index"
    shutil.copytree(quick_config.index, folder)
    with served(replace(quick_config, index=folder)) as running:
        assert running.site.loader.wait(seconds=300), "the papers were not opened"
        yield running


@pytest.fixture(scope="module")
def librarian(library, browser):
    """Somebody on the Papers tab."""
    one = Person(browser, library.url)
    one.tab.get_by_role("tab", name="Papers").click()
    one.tab.wait_for_selector(".papers li")
    yield one
    one.leave()


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory):
    """Papers whose every field tries to break the page, and three records that are none."""
    path = tmp_path_factory.mktemp("files") / "hostile papers.jsonl"
    lines = [
        {
            "id": f"h{number}",
            "title": f"Zebra {number} {words}",
            "abstract": f"The zebra method {number} is {words}. It reaches {number} percent.",
            "authors": [words, "Ada"],
            "date": "2024-02-03",
            "url": "javascript:alert(7)",
        }
        for number, words in enumerate([*HOSTILE, LONG])
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    path.write_text(text + '{"title": "no abstract"}\n{broken\n"<b>text</b>"\n', encoding="utf-8")
    return path


def summary(one):
    return one.tab.locator("#summary").inner_text()


def test_what_is_indexed_is_said(librarian):
    words = summary(librarian)
    assert "253 papers" in words
    assert "starter.jsonl" in words
    assert "last change 20" in words
    assert "all-MiniLM-L6-v2" in words or "minilm" in words.lower()
    assert librarian.tab.locator("#summary .years .count").count() > 3


def test_papers_are_browsed_page_by_page(librarian):
    tab = librarian.tab
    first = tab.locator(".papers .title").all_inner_texts()
    assert len(first) == 20
    tab.get_by_role("button", name="Next").click()
    tab.get_by_text("2 of 13").wait_for()
    assert not set(first) & set(tab.locator(".papers .title").all_inner_texts())
    tab.get_by_role("button", name="Before").click()
    tab.get_by_text("1 of 13").wait_for()
    assert tab.locator(".papers .title").all_inner_texts() == first


def test_papers_are_searched_without_the_model(librarian):
    tab = librarian.tab
    tab.get_by_label("Search", exact=True).fill("culturally informed values")
    tab.keyboard.press("Enter")
    tab.locator(".papers li >> nth=0 >> text=CIVICS").wait_for()
    assert tab.locator(".papers blockquote").first.is_visible()
    tab.get_by_label("From year").fill("2025")
    tab.keyboard.press("Enter")
    tab.wait_for_function(
        "[...document.querySelectorAll('.papers time')].every(t => t.textContent >= '2025')"
    )
    tab.get_by_label("From year").fill("late")
    tab.keyboard.press("Enter")
    tab.get_by_text("'late' is not a year").wait_for()
    tab.get_by_label("From year").fill("")
    tab.get_by_label("Search", exact=True).fill("")
    tab.keyboard.press("Enter")
    tab.get_by_text("1 of 13").wait_for()


def test_a_paper_opens_beside_the_list(librarian):
    tab = librarian.tab
    title = tab.locator(".papers .title").first
    words = title.inner_text()
    title.click()
    tab.locator("#panel h2", has_text=words).wait_for()
    tab.locator("#panel .close").click()
    tab.wait_for_selector("#panel .abstract", state="detached")


def test_the_map_of_the_corpus(librarian):
    tab = librarian.tab
    tab.get_by_role("button", name="Map of the corpus").click()
    tab.wait_for_selector("#map svg .dot", timeout=120_000, state="attached")
    assert tab.locator("#map [data-event=paper]").count() == 253
    dot = tab.locator("#map .dot").first
    title = dot.locator("title").text_content()
    dot.dispatch_event("click")
    tab.wait_for_selector("#panel .abstract")
    assert tab.locator("#panel h2").text_content() == title
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Map of the corpus").click()


def test_files_are_added_and_the_refused_records_shown(librarian, library, hostile_file):
    tab = librarian.tab
    tab.get_by_role("button", name="Add papers").click()
    tab.locator("#files input[type=file]").set_input_files(hostile_file)
    tab.locator("#files").get_by_text("hostile").first.wait_for()
    tab.locator("#add-button").click()
    report = tab.locator("#report .report")
    report.wait_for(timeout=300_000)
    assert f"{len(HOSTILE) + 1} added" in report.inner_text()
    assert "3 rejected" in report.inner_text()
    rows = report.locator("tbody tr").all_inner_texts()
    assert len(rows) == 3
    assert "no abstract" in rows[0]
    assert "hostile papers.jsonl:8" in rows[0]
    assert str(library.folder) not in report.inner_text(), "where it is kept is nobody's business"
    assert report.is_visible()
    assert f"{253 + len(HOSTILE) + 1} papers" in summary(librarian)
    assert "hostile papers.jsonl" in summary(librarian)
    assert list((library.folder / "uploads").glob("*/hostile papers.jsonl"))


def test_nothing_chosen_is_told(librarian):
    librarian.tab.locator("#add-button").click()
    librarian.tab.get_by_text("choose a file first").wait_for()


def test_hostile_papers_are_text(librarian, library, person):
    tab = librarian.tab
    tab.get_by_label("Search", exact=True).fill("zebra method")
    tab.keyboard.press("Enter")
    tab.locator(".papers li >> nth=0 >> .title >> text=Zebra").wait_for()
    shown = tab.locator("#paper-list").inner_text()
    for words in HOSTILE[:3]:
        assert words in shown
    one = person(library.url)
    one.begin()
    for question in ("Which papers study the zebra method?", "<script>alert(1)</script> zebra?"):
        turn = one.ask(question)
        assert question in turn.inner_text()
        for marker in turn.locator("a.marker").all():
            marker.click()
            one.tab.wait_for_selector("#panel .abstract")
    one.send(LONG)
    one.finished(3)
    for somebody in (one, librarian):
        assert somebody.tab.locator("a[href^=javascript]").count() == 0
        assert somebody.tab.locator("#log script, #log img, #panel script, #panel img").count() == 0
        assert somebody.errors == []
        assert somebody.outside == []
    assert one.tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_source_is_removed(librarian, library):
    tab = librarian.tab
    origin = tab.locator(".origins li", has_text="hostile papers.jsonl")
    origin.get_by_text("Remove", exact=True).click()
    origin.get_by_role("button", name="Remove it").click()
    tab.get_by_text(f"{len(HOSTILE) + 1} papers removed").wait_for(timeout=120_000)
    assert "253 papers" in summary(librarian)
    assert "hostile" not in summary(librarian)
    assert not list((library.folder / "uploads").glob("*/hostile papers.jsonl"))


def test_only_what_is_meant_to_be_served_is(library, person):
    one = person(library.url)
    get = one.context.request.get
    for path in (
        "/etc/passwd",
        str(library.folder / "private" / "conversations.sqlite"),
        "pyproject.toml",
    ):
        assert get(f"{library.url}gradio_api/file={path}").status in (403, 404)
    assert get(f"{library.url}../../etc/passwd").status in (403, 404)


def test_an_empty_index_says_how_to_begin(quick_config, tmp_path, browser):
    from rag import build

    config = replace(quick_config, index=tmp_path / "empty")
    empty = tmp_path / "none.jsonl"
    empty.write_text("")
    build.ingestor(config).run([empty])
    with served(config) as running:
        one = Person(browser, running.url)
        one.tab.get_by_text(r"quoth ingest").first.wait_for()
        one.leave()
