"""The report: self-contained, escaped, and the same in HTML, Markdown and JUnit XML."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from eval.report.report import write_report
from eval.runs.records import Record

HOSTILE = '<script>alert("x")</script> & <img src=x onerror=alert(1)> http://evil.example [1] | *x*'


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture
def run(make):
    pairs = [
        (make.question(id="right"), make.answer(("We route.", "moe", "We route to 8 experts."))),
        (make.question(id="hostile", question=HOSTILE), make.silent()),
        (
            make.question("list", id="list", papers=["noise", "absent"], also_ok=["moe"]),
            make.answer(("Noise costs.", "noise", "Noise costs 93 percent.")),
        ),
        (
            make.question("unanswerable", id="none", papers=[], answers=[]),
            make.answer((f"We {HOSTILE}", "moe", "We route to 8 experts."), confidence=0.99),
        ),
    ]
    made = make.run_of(*pairs)
    failed = make.question(id="failed", question="This one failed.")
    records = {**made.records, "failed": Record(question=failed, answer=None, error=HOSTILE)}
    return replace(made, records=records, path=Path("runs/now"))


@pytest.fixture
def paths(run, make, tmp_path):
    return write_report(run, make.judged, folder=tmp_path / "report")


def test_the_page_reaches_for_nothing(paths):
    text = paths[0].read_text(encoding="utf-8")
    page = Page(text)
    assert not re.search(r"https?:|//[a-z]", text)
    assert {"script", "link", "img", "iframe", "object", "embed"}.isdisjoint(page.tags)
    for tag, name, value in page.attributes:
        assert name not in {"src", "srcset", "xlink:href", "xmlns"}, (tag, name, value)
        assert name != "href" or value.startswith("#")
        assert not name.startswith("on"), (tag, name)
    assert "default-src 'none'" in text
    assert not re.search(r"url\((?!#)|@import", text)


def test_what_was_asked_and_answered_is_shown_as_text(paths):
    page = Page(paths[0].read_text(encoding="utf-8"))
    shown = "".join(page.texts)
    assert shown.count(HOSTILE) >= 3  # question, answer, error
    assert "We route to 8 experts." in shown
    assert "A Mixture of Experts" in shown


def test_every_reference_within_the_page_has_its_target(paths):
    text = paths[0].read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)
    assert {one or other for one, other in used} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_worst_questions_come_first_and_the_surest_of_them_before(paths):
    text = "".join(Page(paths[0].read_text(encoding="utf-8")).texts)
    places = [text.index(kind) for kind in ("unanswerable none", "fact hostile", "list list")]
    assert places == sorted(places)
    assert "fact right" not in text


def test_the_page_has_its_plots_in_the_colours_of_the_theme(paths):
    text = paths[0].read_text(encoding="utf-8")
    assert text.count("<svg ") == 4
    assert "var(--first)" in text
    assert not re.search(r"#0(?:10203|40506|70809|a0b0c)", text)


def test_the_markdown_is_escaped(paths):
    text = paths[1].read_text(encoding="utf-8")
    assert "<script>" not in text.replace("\\<", "")
    assert "\\*x\\*" in text
    assert "| right, or F1 of papers |" in text
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table(text, "answers")}
    assert len(widths) == 1


def table(text, group):
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {group}"))
    rows = lines[start:]
    return rows[: next(n for n, line in enumerate(rows) if not line.startswith("|"))]


def test_junit_has_a_case_for_each_question(paths):
    suite = ElementTree.fromstring(paths[2].read_text(encoding="utf-8"))
    cases = {case.get("name").split()[0]: case for case in suite}
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "2", "1")
    assert cases["right"].find("failure") is None
    assert cases["list"].find("failure") is None  # F1 of 2/3 passes
    assert "8 experts" in cases["hostile"].find("failure").get("message")
    assert cases["failed"].find("error").get("message") == HOSTILE


def test_control_characters_do_not_break_the_xml(run, make, tmp_path):
    odd = replace(run.records["failed"], error="a\x00b\x1bc\ud800")
    broken = replace(run, records={"failed": odd})
    path = write_report(broken, make.judged, folder=tmp_path)[2]
    assert ElementTree.fromstring(path.read_text(encoding="utf-8"))[0][0].get("message") == "abc"


def test_a_comparison_is_part_of_the_report(make, tmp_path):
    good = make.run_of(*[(make.question(id=f"q{n}"), right(make)) for n in range(20)])
    bad = make.run_of(*[(make.question(id=f"q{n}"), make.silent()) for n in range(20)])
    paths = write_report(bad, make.judged, folder=tmp_path, against=good)
    text = "".join(Page(paths[0].read_text(encoding="utf-8")).texts)
    assert "Regression: right, or F1 of papers" in text
    assert "Regression: right, or F1 of papers" in paths[1].read_text(encoding="utf-8")


def right(make):
    return make.answer(("We route.", "moe", "We route to 8 experts."))


def test_a_run_in_which_everything_failed_can_be_reported(make, tmp_path):
    run = make.run_of(failures=[make.question()])
    for path in write_report(run, make.judged, folder=tmp_path):
        assert path.stat().st_size > 0
