"""Question sets: what is read, and what is refused with its line."""

import json
from datetime import date
from pathlib import Path

import pytest

from eval.sets.questions import (
    SETS,
    check_papers,
    normal_title,
    question_from_json,
    question_to_json,
    questions_path,
    read_questions,
)
from rag.errors import InputError

FACT = {
    "id": "one",
    "type": "fact",
    "question": "How many experts?",
    "papers": ["A Mixture of Experts"],
    "answers": [["8", "eight"]],
}
SILENT = {"id": "two", "type": "unanswerable", "question": "And on Mars?"}


DATED = {
    "id": "three",
    "type": "unanswerable",
    "question": "Why was nothing published last month?",
    "papers": ["Labels and Noise"],
    "answers": [["anchors help"]],
    "quotes": ["Anchors help."],
    "history": [{"role": "assistant", "content": "One paper.", "paper_ids": ["noise"]}],
    "today": "2026-11-30",
    "hard": "easy",
    "note": "a false premise",
}


def written(folder: Path, *lines) -> Path:
    path = folder / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(texts), encoding="utf-8")
    return path


def test_reads_questions_with_their_lines(tmp_path):
    path = written(tmp_path, FACT, "", SILENT)
    found = read_questions(path)
    assert [question.question_id for question in found.questions] == ["one", "two"]
    assert found.questions[0].answers == (("8", "eight"),)
    assert found.lines["two"] == f"{path}:3"
    assert [question.answerable for question in found.questions] == [True, False]


def test_a_question_survives_json():
    for tree in (FACT, SILENT, DATED):
        question = question_from_json(tree)
        assert question_from_json(question_to_json(question)) == question
        assert json.loads(json.dumps(question_to_json(question))) == question_to_json(question)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"papres": []}, "did you mean 'papers'?"),
        ({"id": " "}, "'id' must be a text"),
        ({"type": "facts"}, "type 'facts' is not one of list, fact"),
        ({"answers": ["8"]}, "list of lists"),
        ({"answers": [[]]}, "list of lists"),
        ({"answers": []}, "needs answers"),
        ({"papers": []}, "needs the papers"),
        ({"papers": "A"}, "'papers' must be a list"),
        ({"type": "compare"}, "two papers or more"),
        ({"type": "followup"}, "needs a history"),
        ({"type": "unanswerable", "papers": []}, "has no answers"),
        ({"also_ok": ["A Mixture of Experts"]}, "in papers and in also_ok"),
        ({"history": [{"role": "system", "content": ""}]}, '"history" must be'),
        ({"filter": []}, '"filter" must be'),
        ({"quotes": [""]}, "'quotes' must be a list of sentences"),
        ({"today": "30.11.2026"}, '"today" must be a day such as'),
        ({"type": "count", "answers": []}, "a count question needs answers"),
        ({"history": [{"role": "user", "content": "", "paper_ids": "p"}]}, '"history" must be'),
    ],
)
def test_a_wrong_line_is_named(tmp_path, change, words):
    path = written(tmp_path, SILENT, FACT | change)
    with pytest.raises(InputError) as error:
        read_questions(path)
    assert f"{path}:2: " in str(error.value)
    assert words in str(error.value)


def test_the_sets_of_strangers_are_read_as_they_are(tmp_path):
    others = [FACT | {"id": kind, "type": kind} for kind in ("overview", "metadata", "count")]
    said = [{"role": "user", "content": "Which papers?"}]
    listed = {"id": "list", "type": "followup", "question": "And?", "papers": ["p"]}
    path = written(tmp_path, DATED, *others, listed | {"history": said})
    dated, *rest = read_questions(path).questions
    assert (dated.quotes, dated.today) == (("Anchors help.",), date(2026, 11, 30))
    assert [one.listing for one in rest] == [False, False, False, True]


@pytest.mark.parametrize(
    ("change", "shape"),
    [
        ({"type": "fact"}, "point"),
        ({"type": "paper"}, "point"),
        ({"type": "compare", "papers": ["a", "b"]}, "point"),
        ({"type": "list"}, "survey"),
        ({"type": "overview"}, "survey"),
        ({"type": "count"}, "survey"),
        ({"type": "count", "filter": {"year_min": 2022}}, ""),
        ({"type": "fact", "history": [{"role": "user", "content": "?"}]}, ""),
        ({"type": "filter"}, ""),
        ({"type": "metadata"}, ""),
        ({"type": "unanswerable"}, ""),
    ],
)
def test_the_shape_that_a_question_asks_for(change, shape):
    assert question_from_json(FACT | change).shape == shape


def test_all_wrong_lines_are_named_at_once(tmp_path):
    path = written(tmp_path, "{", "[]", FACT, FACT)
    with pytest.raises(InputError) as error:
        read_questions(path)
    assert [line.split(": ")[0] for line in str(error.value).splitlines()] == [
        f"{path}:1",
        f"{path}:2",
        f"{path}:4",
    ]
    assert f"id 'one' is also at {path}:3" in str(error.value)


def test_drafts_wait_for_a_person(tmp_path):
    path = written(tmp_path, FACT, SILENT | {"status": "draft"})
    assert [q.question_id for q in read_questions(path).questions] == ["one"]
    assert read_questions(path).drafts == 1
    assert len(read_questions(path, with_drafts=True).questions) == 2
    with pytest.raises(InputError, match="1 drafts wait"):
        read_questions(written(tmp_path, SILENT | {"status": "draft"}))


def test_missing_and_unreadable_files(tmp_path):
    with pytest.raises(InputError, match="sets in the box: starter, dev"):
        read_questions(tmp_path / "none.jsonl")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        read_questions(tmp_path / "bytes.jsonl")


def test_gold_papers_are_looked_up_by_title_or_id(tmp_path):
    path = written(tmp_path, FACT | {"papers": ["p-1"], "also_ok": ["a MIXTURE of experts!"]})
    found = read_questions(path)
    check_papers(found, [("p-1", "Other"), ("p-2", "A Mixture of Experts")])
    with pytest.raises(InputError) as error:
        check_papers(found, [("p-1", "Other"), ("p-2", "A Mixture of Expert")])
    assert f"{path}:1: 'a MIXTURE of experts!' is not in the index" in str(error.value)
    assert "did you mean 'A Mixture of Expert'?" in str(error.value)


def test_titles_are_compared_by_letters_and_digits():
    assert normal_title("A *PO: Guide") == normal_title("a PO guide")
    assert normal_title("中文 标题") == "中文标题"


@pytest.mark.parametrize("name", SETS)
def test_the_sets_in_the_box_are_valid_and_about_the_papers_in_the_box(name):
    found = read_questions(questions_path(name))
    box = Path(__file__).parents[3] / "rag" / "data" / "starter.jsonl"
    papers = [json.loads(line) for line in box.read_text(encoding="utf-8").splitlines()]
    check_papers(found, [(str(n), paper["title"]) for n, paper in enumerate(papers)])
    assert len(found.questions) >= 40
    assert {question.type for question in found.questions} == {
        *("list", "fact", "paper", "compare", "followup", "filter", "unanswerable")
    }


def test_the_dev_set_has_no_quotes():
    lines = questions_path("dev").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 100
    assert not any("quotes" in json.loads(line) for line in lines)


def test_the_gold_answers_of_the_starter_set_stand_in_the_papers_in_the_box():
    box = Path(__file__).parents[3] / "rag" / "data" / "starter.jsonl"
    papers = [json.loads(line) for line in box.read_text(encoding="utf-8").splitlines()]
    digests = {paper["title"]: f"{paper['title']} {paper['abstract']}" for paper in papers}
    for question in read_questions(questions_path("starter")).questions:
        text = " ".join(digests[title] for title in question.papers).casefold()
        for alternatives in question.answers:
            assert any(one.casefold() in text for one in alternatives), question
