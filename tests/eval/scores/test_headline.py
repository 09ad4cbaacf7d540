"""The deciding figures: of one run, of two of a set, and of several sets with their gaps."""

import json
from math import sqrt

import pytest

from eval.metrics.quote_exactness import Quote
from eval.runs.records import FoundPaper
from eval.scores.headline import (
    changes_table,
    gap_interval,
    headline_table,
    rivals_table,
    sets_table,
)
from eval.scores.scoring import score_run
from eval.scores.summary import Value, summarise
from eval.statistics.resampling import Interval
from ui.cli import main

EIGHT, RISES = "We route to 8 experts.", "Accuracy rises by 3 points."
HITS = (FoundPaper("moe", "A Mixture of Experts", 0.9, (Quote("moe", EIGHT, 0, 22),)),)
TYPES = ("fact", "list", "paper", "compare", "followup", "filter", "overview", "metadata")


def one_of_each(make, *, right=True):
    """A run with a question of every type, the facts right when asked for."""
    pairs = []
    for type_ in TYPES:
        history = [{"role": "user", "content": "?"}] if type_ == "followup" else []
        papers = ["moe", "noise"] if type_ == "compare" else ["moe"]
        asked = make.question(type_, id=type_, history=history, papers=papers)
        pairs.append((asked, make.answer(("So.", "moe", EIGHT if right else RISES))))
    counted = make.question("count", id="count", answers=[["1"]])
    pairs.append((counted, make.answer(("So.", "moe", EIGHT), text="1 paper: So. [1]")))
    silent = make.question("unanswerable", id="none", papers=[], answers=[])
    return make.run_of(*pairs, (silent, make.silent()), hits=HITS)


def by_title(rows):
    return {row[0]: row for row in rows[1:]}


def test_a_run_has_every_line_with_interval_count_and_rival(make):
    rows = headline_table(summarise(score_run(one_of_each(make), make.judged)))
    assert rows[0] == ["", "value", "95 %", "n", "rival", "minus rival", "95 %"]
    assert [row[0] for row in rows[1:]] == [
        *("fact", "fact, at any length", "fact, words", "list, F1"),
        *("paper", "paper, at any length", "compare", "followup", "filter, F1"),
        *("overview", "metadata", "count", "unanswerable: silent"),
        *("unanswerable: silent or denied", "answerable but silent", "shape right"),
    ]
    lines = by_title(rows)
    assert lines["fact, words"][1:6] == ["1.0", "", "1", "5.0", "-4.0"]
    assert lines["answerable but silent"][1:4] == ["0.000", "[0.00, 0.34]", "9"]
    assert lines["fact"][4:6] == ["1.000", "+0.000"]
    assert lines["unanswerable: silent"][4:6] == ["0.000", "+1.000"]
    assert lines["shape right"][1:5] == ["0.500", "[0.00, 1.00]", "6", "-"]  # all said "fact"


def test_lines_that_were_not_asked_are_left_out(make):
    rows = headline_table(summarise(make.many([True, False])))
    assert [row[0] for row in rows[1:]] == [
        *("fact", "fact, at any length", "fact, words"),
        *("answerable but silent", "shape right"),
    ]


def test_two_runs_of_a_set_line_by_line(make):
    runs = [score_run(one_of_each(make, right=right), make.judged) for right in (False, True)]
    rows = by_title(changes_table(*runs))
    assert rows["fact"][1:4] == ["0.000", "1.000", "+1.000"]
    assert rows["fact"][5:8] == ["1", "1.000", "+0.000"]
    assert rows["list, F1"][1:4] == ["1.000", "1.000", "+0.000"]


def test_several_sets_stand_side_by_side_with_their_gaps(make):
    whole = summarise(score_run(one_of_each(make), make.judged))
    facts = summarise(make.many([True, False, False, False]))
    rows = sets_table({"own": whole, "theirs": facts})
    assert rows[0] == ["", "own", "theirs", "theirs - own"]
    lines = by_title(rows)
    assert lines["fact"][2].startswith("0.250 [0.00")
    assert lines["fact"][3].startswith("-0.750")
    assert lines["list, F1"][2:] == ["-", "-"]
    rivals = rivals_table({"own": whole, "theirs": facts})
    assert rivals[0] == ["", "own: rival", "minus rival", "theirs: rival", "minus rival"]
    assert by_title(rivals)["fact"][1:] == ["1.000", "+0.000", "-", "-"]


def test_the_interval_of_a_gap_is_newcombes():
    one = Value(0.8, Interval(0.7, 0.9), 50, 0)
    other = Value(0.5, Interval(0.3, 0.6), 50, 0)
    found = gap_interval(one, other)
    assert found.low == pytest.approx(-0.3 - sqrt(0.2**2 + 0.1**2))
    assert found.high == pytest.approx(-0.3 + sqrt(0.1**2 + 0.1**2))
    assert gap_interval(one, Value(0.5, None, 1, 0)) is None


def test_score_compare_and_report_show_rivals_and_sets(make, capsys, tmp_path):
    own = make.saved(tmp_path / "own", one_of_each(make), set="own")
    theirs = make.saved(tmp_path / "theirs", one_of_each(make, right=False), set="theirs")
    assert main(["eval", "score", str(own)]) == 0
    shown = capsys.readouterr().out
    assert "minus rival" in shown
    assert "unanswerable: silent or denied" in shown
    assert main(["eval", "compare", str(own), str(own)]) == 0
    assert "minus rival" in capsys.readouterr().out
    assert main(["eval", "score", str(own), str(theirs)]) == 0
    assert "theirs - own" in capsys.readouterr().out
    assert main(["eval", "score", str(own), str(theirs), "--json"]) == 0
    tree = json.loads(capsys.readouterr().out)
    assert list(tree["sets"]) == ["own", "theirs"]
    assert tree["gaps"]["fact"]["theirs"]["difference"] == -1.0
    assert (theirs / "scores.json").exists()
    report = ["eval", "report", str(own), str(theirs), "--against", str(own)]
    assert main([*report, "--out", str(tmp_path / "report")]) == 0
    for name in ("report.html", "report.md"):
        text = (tmp_path / "report" / name).read_text(encoding="utf-8")
        assert "theirs - own" in text
        assert text.count("minus rival") >= 4  # at a glance, two runs, the sets, the groups
    assert main(["eval", "score", str(own), str(own)]) == 2
    assert "named twice" in capsys.readouterr().err
