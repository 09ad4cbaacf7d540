"""The bench of the gate on false premises counts what it says it counts."""

import json
import lzma

from eval import bench_premises

SENTENCES = ["OwlNet is trained without any labelled recordings.", "It hears mice under snow."]
EXAMPLE = {
    "fact_question": "why does OwlNet hear mice under snow?",
    "unanswerable_question": "why does OwlNet need labelled recordings?",
    "answer_sentence": "OwlNet requires snow to hear mice.",
    "topic_sentence": "OwlNet hears mice.",
    "wrong_sentence": "OwlNet requires labelled recordings of mice.",
    "wrong_kind": "negation",
}


def test_what_is_asked_and_stated_is_counted_with_what_is_denied(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "train"
    folder.mkdir()
    told = [{"id": f"paper-{i}", **EXAMPLE} for i in range(5)]
    (folder / "examples.jsonl").write_text("".join(json.dumps(e) + "\n" for e in told))
    with lzma.open(folder / "papers.jsonl.xz", "wt", encoding="utf-8") as lines:
        for e in told:
            paper = {"id": e["id"], "title": "OwlNet", "sentences": SENTENCES}
            lines.write(json.dumps(paper) + "\n")
    monkeypatch.setattr("sys.argv", ["bench_premises", "--shared", str(tmp_path), "--show"])
    bench_premises.main()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    counts = {tuple(row[:2]): row[-1] for row in rows}
    assert counts['"why",', "answerable"] == "0"
    assert counts['"why",', "left"] == "5"
    assert counts["answer_sentence,", "true,"] == "0"
    assert counts["wrong_sentence,", "false,"] == "5"
    assert sum(row[0] == "false" for row in rows) == 5
