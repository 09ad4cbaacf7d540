"""The strangers' sets, and the cases that are made of them."""

import json
from collections import Counter
from pathlib import Path

from lab.training.evidence_data import _of_strangers
from lab.training.paper_reader_data import Source
from lab.training.strangers import FOLDER, strangers


def test_each_set_has_the_same_types_and_names_its_corpus() -> None:
    corpora = json.loads((FOLDER / "corpora.json").read_text(encoding="utf-8"))
    assert sorted(corpora) == ["w1", "w2", "w3", "w4"]
    for name, ids in corpora.items():
        assert len({*ids}) == len(ids) >= 130
        lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines]
        assert len({one["id"] for one in told}) == len(told)
        types = Counter(one["type"] for one in told)
        assert types["fact"] == 20 and types["list"] == 16 and types["unanswerable"] == 18
        assert all("quotes" not in one for one in told)


def test_a_question_is_asked_with_its_papers_and_without(tmp_path: Path) -> None:
    papers = {f"p{i}": Source(f"p{i}", f"Title {i}", (f"It is {i}.",)) for i in range(3)}
    asked = [
        {"id": "w1-1", "type": "fact", "papers": ["Title 0"], "answers": [["is 0"]]},
        {"id": "w1-2", "type": "list", "papers": ["Title 1"], "also_ok": ["Title 2"]},
        {"id": "w1-3", "type": "unanswerable", "also_ok": ["Title 0"]},
        {"id": "w1-4", "type": "fact", "papers": ["Title 0"], "history": [{"role": "user"}]},
    ]
    rest = {"question": "which?", "also_ok": [], "answers": [], "history": [], "papers": []}
    lines = "\n".join(json.dumps(rest | one) for one in asked)
    (tmp_path / "w1.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "corpora.json").write_text(json.dumps({"w1": [*papers]}), encoding="utf-8")
    fact, listed, missing = found = [*strangers(papers, tmp_path)]
    assert fact.holds("p0", "Today IT IS 0.") and not fact.holds("p1", "It is 0.")
    assert (fact.style, listed.style, missing.style) == ("fact", "list", "left open")
    cases = [(c.key, c.present, c.listed) for c in _of_strangers(iter(found))]
    assert cases == [
        ("stranger w1-1 in", True, None),
        ("stranger w1-1 out", False, None),
        ("stranger w1-2 in", True, {"p1": 1.0, "p2": 0.5}),
        ("stranger w1-2 out", False, {"p1": 1.0, "p2": 0.5}),
        ("stranger w1-3 in", True, None),
    ]


def test_without_sets_there_are_no_strangers(tmp_path: Path) -> None:
    assert [*strangers({}, tmp_path / "none")] == []
