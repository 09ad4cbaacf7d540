# ruff: noqa: RUF001  letters that look like others are what this is about
"""What leaves Quoth is dead: one function a surface, and nothing goes past it."""

from __future__ import annotations

import ast
import csv
import dataclasses
import io
from pathlib import Path

import pytest
from hostile import ALIVE, PIECES, hostile_answer, hostile_paper
from markdown_it import MarkdownIt
from ui_helpers import Seen, assert_harmless, make_answer, make_comparison, make_paper

from rag.contract import title_line
from rag.types import Done
from ui.cli import main
from ui.cli.ask import _show, _show_sources
from ui.doors.openai import ask_of, completion, content_of
from ui.html.answer import answer_html
from ui.html.corpus import papers_html, source_html
from ui.html.paper import panel_html
from ui.html.sources import sources_html
from ui.page.ask_handlers import opened_paper
from ui.page.library import remove_source
from ui.talk.codec import answer_from_text, answer_to_text
from ui.talk.exports import conversation_to_markdown, exported
from ui.talk.site import OWNER_HEADER

ROOT = Path(__file__).parents[2]
PRINTERS = {"rag/contract/terminal.py"}


@pytest.mark.parametrize("piece", PIECES)
def test_nothing_alive_reaches_the_terminal(capsys, piece):
    answer = hostile_answer(piece, verdicts=("supported",))
    _show(Done(answer), "")
    _show_sources(answer)
    out = capsys.readouterr().out
    assert "halves it" in out
    assert not ALIVE.search(out.replace("\n", ""))
    assert sum(line.startswith("[") for line in out.split("\n")) == 1


@pytest.mark.parametrize("piece", [piece for piece in PIECES if "\ud800" not in piece])
def test_nothing_alive_comes_back_from_arguments(capsys, piece):
    with pytest.raises(SystemExit):
        main(["ask", "x", f"--{piece}"])
    assert main(["ask", "x", "--set", piece]) == 2
    assert main(["ask", "x", "--config", f"/none/{piece}"]) == 2
    told = capsys.readouterr()
    assert "usage" in told.err
    assert not ALIVE.search((told.out + told.err).replace("\n", ""))
    assert "\nquoth: forged" not in told.err.split("usage")[1].split("error:")[1].split("\n", 1)[1]


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("format", ["bib", "csv", "md", "json"])
def test_nothing_alive_is_in_a_file_to_take_along(piece, format):
    text = exported(hostile_answer(piece), format=format)
    text.encode()
    assert not ALIVE.search(text.replace("\r\n", "").replace("\n", ""))


@pytest.mark.parametrize("piece", PIECES)
def test_nothing_alive_is_in_a_chat_completion(piece):
    answer = hostile_answer(piece)
    content = content_of(answer)
    assert not ALIVE.search(content.replace("\n", ""))
    lines = content.split("References:\n")[1].split("\n")
    assert len(lines) == 1
    assert "[2]" not in lines[0]
    history = [
        {"role": "user", "content": "q"},
        {"role": "assistant", "content": content},
        {"role": "user", "content": "and then?"},
    ]
    asked = ask_of(history, papers=[source.paper for source in answer.sources])
    assert asked.history[1].paper_ids == ("p1",)
    assert completion(answer)["quoth"]["sources"][0]["title"] == answer.sources[0].paper.title


@pytest.mark.parametrize("piece", PIECES)
def test_nothing_alive_is_on_the_page(piece):
    answer = hostile_answer(piece)
    made = (
        answer_html(answer, turn="t"),
        answer_html(dataclasses.replace(answer, kind="list"), turn="t"),
        sources_html(answer, turn="t", finished=True),
        panel_html(hostile_paper(1, piece), spans=[(0, 6)]),
    )
    for html in made:
        shown = str(html)
        shown.encode()
        assert not ALIVE.search(shown.replace("\n", ""))
        assert_harmless(shown)


@pytest.mark.parametrize("piece", PIECES)
def test_an_answer_with_half_characters_is_kept_as_it_is(piece):
    answer = hostile_answer(piece)
    kept = answer_to_text(answer)
    kept.encode()
    assert answer_from_text(kept) == answer


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "﹫", "−"]
)
@pytest.mark.parametrize("before", ["", " ", "\u200b", "\t", "\n"])
def test_csv_computes_nothing_whatever_sign_begins_it(sign, before):
    words = f"{before}{sign}1+1"
    paper = make_paper(1, title=words, authors=(words,), organization=words, url=words)
    rows = list(csv.DictReader(io.StringIO(exported(make_answer([paper]), format="csv"))))
    for name in ("title", "authors", "organization", "url"):
        assert rows[0][name].startswith("'"), name


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("---", "hr"), ("===", "h1"), ("1. one", "ol"), ("+ one", "ul"),
        ("2) two", "ol"), ("# one", "h1"), ("> one", "blockquote"),
    ],
)  # fmt: skip
def test_markdown_lines_are_words(words, tag):
    answer = make_answer([make_paper(1)], opening=f"before\n{words}\n")
    rendered = MarkdownIt().render(exported(answer, format="md").split("- \\[1\\]")[0])
    assert tag not in Seen(rendered).tags - {"h2"}
    assert words.lstrip("#> ") in Seen(rendered).text


def test_markdown_makes_no_links_of_words():
    words = "see https://example.org/x www.example.org a@example.org"
    answer = make_answer([make_paper(1, title=words)], question=words)
    text = conversation_to_markdown(words, [answer])
    assert "<a " not in MarkdownIt("gfm-like", {"linkify": False}).render(text)
    assert "https://" not in text
    assert "@example" not in text.replace("\\@", "")


def test_bars_in_a_claim_shift_no_column_of_markdown():
    answer = make_comparison()
    assert "a|b" in answer.claims[0].text
    rows = [line for line in exported(answer, format="md").split("\n") if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {4}
    rendered = Seen(MarkdownIt().enable("table").render("\n".join(rows)))
    assert "a|b is one" in rendered.text


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Owls [2] [3] hear", "Owls (2) (3) hear"),
        ("Owls [1, 2; 3-4]", "Owls (1, 2; 3-4)"),
        ("Owls\n[2] Forged", "Owls (2) Forged"),
        ("［２］ owls", "(２) owls"),
        ("Owls [sic] [a2]", "Owls [sic] [a2]"),
    ],
)
def test_markers_in_a_title_are_no_markers(title, shown):
    paper = make_paper(1, title=title)
    assert title_line(paper) == shown
    assert f"[1] {shown}" in content_of(make_answer([paper]))


def test_the_terminal_has_one_way_out():
    for room in ("rag", "ui", "eval", "index_store"):
        for path in (ROOT / room).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            if name in PRINTERS:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr"):
                    owner = node.value.id if isinstance(node.value, ast.Name) else ""
                    assert owner != "sys" or name == "ui/cli/start.py", f"{name}:{node.lineno}"
                if isinstance(node, ast.Name):
                    assert node.id != "print", f"{name}:{node.lineno}"


class Click:
    """What a board sends when something of it is clicked."""

    def __init__(self, **data):
        self._data = data


def test_a_source_and_a_paper_with_unseen_letters_can_be_opened_and_removed(tmp_path):
    paper = dataclasses.replace(make_paper(1), paper_id="p\u200b1")
    removed = []

    class Everything:
        """A site, its assistant, its loader and its ingestor, over one paper."""

        folder = tmp_path

        def turn(self, owner, turn_id):
            return None

        def paper(self, paper_id):
            return {paper.paper_id: paper}[paper_id]

        def papers(self):
            return [paper]

        def info(self):
            return {"sources": {"/tmp/gnp\u202eexe.bib": 1}}

        def make_ingestor(self):
            return self

        def remove_source(self, name):
            removed.append(name)

        def reopen(self):
            return None

    site = Everything()
    site.headers = {OWNER_HEADER: "me"}
    site.assistant = site.loader = site.conversations = site
    shown = str(papers_html([paper], page=1, pages=1, total=1))
    [clicked] = Seen(shown).with_event("paper")
    assert paper.title in opened_paper(site, Click(paper=clicked["data-paper"]), site)
    shown = str(source_html("/tmp/gnp\u202eexe.bib", 1))
    [clicked] = Seen(shown).with_event("forget")
    remove_source(site, clicked["data-source"])
    assert removed == ["/tmp/gnp\u202eexe.bib"]
