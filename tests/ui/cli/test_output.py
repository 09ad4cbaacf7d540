"""Standard input and output as they come: closed, full, of another encoding, or a pipe."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import ALIVE

from ui.cli import main

pytestmark = pytest.mark.slow

PAPERS = [
    {
        "id": "owl",
        "title": "Owls hear mice \u2013 caf\u00e9",
        "abstract": "We study owls. Owls hear mice under 30 cm of \u201cfirn\u201d.",
        "date": "2024-03-01",
        "url": "https://example.org/\x1b]0;owned\x07\u202e",
    },
    {"id": "vole", "title": "Owls see voles", "abstract": "We measure. Owls see voles at 0.2 lux."},
]
FULL = Path("/dev/full")
"""A file that takes nothing, as a full disk does."""
ASK = "under how much snow do owls hear mice?"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("output")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, PAPERS)), encoding="utf-8")
    assert main(["ingest", str(source), "--index", str(folder / "index")]) == 0
    return folder / "index"


@pytest.fixture
def quoth(index):
    """Runs a command in this process, without the models that write and read."""
    off = ["--set", "llm.model=off", "--set", "reader=off", "--index", str(index)]
    return lambda *arguments: main([*arguments, *off])


@pytest.mark.parametrize("json_flag", [[], ["--json"]])
def test_a_closed_output_is_an_error_in_one_line(quoth, monkeypatch, capsys, json_flag):
    monkeypatch.setattr(sys, "stdout", None)
    assert quoth("ask", ASK, *json_flag) == 1
    told = capsys.readouterr().err
    assert "standard output is closed" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("json_flag", [[], ["--json"]])
def test_a_full_output_is_an_error_in_one_line(quoth, monkeypatch, capsys, json_flag):
    with FULL.open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert quoth("ask", ASK, *json_flag) == 1
    told = capsys.readouterr().err
    assert "No space left on device" in told
    assert told.count("\n") == 1


@pytest.mark.parametrize("where", [FULL, None])
def test_the_program_ends_without_a_trace_back(where):
    code = "import sys; from ui.cli import main; sys.exit(main(['--help']))"
    command = [sys.executable, "-c", code]
    if where is None:
        command = ["sh", "-c", '"$0" -c "$1" >&-', sys.executable, code]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=120)
    else:
        with where.open("w") as full:
            done = subprocess.run(
                command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=120
            )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "standard output" in done.stderr


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_output_of_ascii_only_gets_the_rest_as_escapes(quoth, monkeypatch, command):
    for json_flag in ([], ["--json"]):
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
        assert quoth(command, ASK, *json_flag) == 0
        shown = raw.getvalue().decode("ascii")
        if json_flag:
            tree = json.loads(shown)
            first = (tree.get("sources") or tree.get("hits"))[0]
            assert first["title"] == PAPERS[0]["title"]
        else:
            assert "Owls hear mice \\u2013 caf\\xe9" in shown


def test_a_hostile_record_is_dead_on_the_terminal(quoth, capsys):
    for command in ("ask", "search"):
        for json_flag in ([], ["--json"]):
            assert quoth(command, ASK, *json_flag) == 0
            shown = capsys.readouterr().out
            assert "Owls hear mice" in shown
            assert not ALIVE.search(shown.replace("\n", ""))


class Input:
    """Standard input that holds bytes."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_dash_reads_the_question_from_standard_input(quoth, monkeypatch, capsys, command):
    monkeypatch.setattr(sys, "stdin", Input(f"  {ASK}\n".encode()))
    assert quoth(command, "-", "--json") == 0
    assert json.loads(capsys.readouterr().out)["question"] == ASK


@pytest.mark.parametrize(
    ("content", "words"),
    [(b" \n", "is empty"), (b"x" * 1_000_001, "may have"), (None, "is closed")],
)
def test_a_standard_input_that_holds_no_question_is_wrong_usage(
    quoth, monkeypatch, capsys, content, words
):
    monkeypatch.setattr(sys, "stdin", None if content is None else Input(content))
    assert quoth("ask", "-") == 2
    assert words in capsys.readouterr().err


def test_bytes_that_are_no_text_are_said_and_answered(quoth, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Input(ASK.encode() + b" \xff\xfe"))
    assert quoth("ask", "-", "--json") == 0
    shown = capsys.readouterr()
    tree = json.loads(shown.out)
    assert tree["question"] == ASK + " \ufffd\ufffd"
    assert tree["notes"] == ["half characters in the question were replaced or left out"]
    assert "half characters" in shown.err


BAD = (
    b"not json",
    b"[" * 100_000,
    b'{"id": "none"}',
    b'{"id": "typed", "question": 5}',
    b'{"id": "told", "question": "a", "history": "x"}',
    b'{"id": "role", "question": "a", "history": [{"role": "robot", "content": "x"}]}',
    b'{"id": "ids", "question": "a", "history": [{"role": "user", "content": "x", "paper_ids": 5}]}',
    b'{"id": "bytes", "question": "\xff"}',
    b'"text"',
    b"null",
)


def test_a_bad_line_ends_no_batch(quoth, tmp_path, capsys):
    good = [
        b'{"id": "half \\ud800", "question": "do owls \\ud800 hear mice?"}',
        '{"id": "lines", "question": "do owls\u2028hear mice?"}'.encode(),
        b'{"id": "gold", "question": "do owls hear mice?", "gold": '
        + b"9" * 5_000
        + b', "x": NaN}',
    ]
    questions, out = tmp_path / "q.jsonl", tmp_path / "out.jsonl"
    questions.write_bytes(b"\xef\xbb\xbf" + b"\n".join([*good[:1], *BAD, *good[1:]]) + b"\n")
    for command in ("ask", "search"):
        assert quoth(command, "--batch", str(questions), "--out", str(out)) == 1
        results = [json.loads(line) for line in out.read_bytes().split(b"\n") if line]
        assert len(results) == len(BAD) + len(good)
        assert [result["id"] for result in results if "error" not in result] == [
            "half \ufffd",
            "lines",
            "gold",
        ]
        failed = [result["id"] for result in results if "error" in result]
        assert failed == ["2", "3", "none", "typed", "told", "role", "ids", "9", "10", "11"]
        told = capsys.readouterr().err
        assert f"{len(BAD)} failed" in told
        assert all(f"{questions}:{number}:" in told for number in range(2, 12))


def test_results_that_cannot_be_written_are_an_error(quoth, tmp_path, capsys):
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"id": 1, "question": "owls?"}')
    for out in (str(FULL), str(tmp_path)):
        assert quoth("search", "--batch", str(questions), "--out", out) == 1
        assert f"cannot write the results to {out}" in capsys.readouterr().err


def test_what_nobody_foresaw_is_told_in_one_line(quoth, monkeypatch, capsys):
    from rag import build

    def broken(config):
        raise KeyError("a\x1b[31m key\nof no table")

    monkeypatch.setattr(build, "assistant", broken)
    assert quoth("ask", ASK) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "something broke inside (KeyError: " in told
    assert "report it" in told
    assert "\x1b" not in told
