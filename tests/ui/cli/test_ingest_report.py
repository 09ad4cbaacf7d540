"""What an ingest tells a person of the records that became one."""

from __future__ import annotations

import io
import json
import sys

from ui.cli import main

TEXT = "Forty mills along two rivers were timed in a dry summer, and each lost water."


def _twins(folder, count, *, title="Mills"):
    """Two files that hold the same papers."""
    records = [
        {"title": f"{title} {n}", "abstract": f"{TEXT} {n}", "doi": f"10.1234/m{n}"}
        for n in range(count)
    ]
    files = [folder / name for name in ("a.jsonl", "b.jsonl")]
    for path in files:
        path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return list(map(str, files))


def test_the_report_has_a_line_for_each_merge_and_its_reason(capsys, tmp_path):
    files = _twins(tmp_path, 2)
    assert main(["ingest", *files, "--index", str(tmp_path / "i"), "--dry-run"]) == 0
    captured = capsys.readouterr()
    assert "2 merged" in captured.out
    told = [line for line in captured.err.splitlines() if " is one with " in line]
    assert told == [
        f"quoth: {files[1]}: 'Mills {n}' is one with 10.1234/m{n}: one identifier, 10.1234/m{n}"
        for n in range(2)
    ]


def test_many_merges_are_told_in_so_many_lines_and_a_count(capsys, tmp_path):
    files = _twins(tmp_path, 23)
    assert main(["ingest", *files, "--index", str(tmp_path / "i"), "--dry-run"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert sum(" is one with " in line for line in lines) == 20
    assert "quoth: and 3 more records became one with a paper: --json lists them" in lines


def test_a_report_goes_to_a_terminal_of_another_encoding(monkeypatch, tmp_path):
    files = _twins(tmp_path, 1, title="M\u00fchlen \u2013 \u6c34\u8f66")
    arguments = ["ingest", *files, "--index", str(tmp_path / "\u6c34"), "--dry-run"]
    for encoding in ("ascii", "cp1252"):
        for json_flag in ([], ["--json"]):
            out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in "12")
            monkeypatch.setattr(sys, "stdout", out)
            monkeypatch.setattr(sys, "stderr", err)
            assert main([*arguments, *json_flag]) == 0
            shown, said = (stream.buffer.getvalue().decode(encoding) for stream in (out, err))
            if json_flag:
                assert (
                    json.loads(shown)["merges"][0]["title"] == "M\u00fchlen \u2013 \u6c34\u8f66 0"
                )
            else:
                assert "\\u6c34\\u8f66 0' is one with" in said
