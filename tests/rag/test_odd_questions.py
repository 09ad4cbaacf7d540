"""Odd questions end in an answer or in an error of Quoth's own; odd text is taken at one door."""

import json

import pytest
from odd import ask_all, odd_texts

from rag import build
from rag.config import load_config
from rag.contract import answer_to_json
from rag.contract.asked import LONGEST_ANSWER, LONGEST_QUESTION, MOST_TURNS, asked
from rag.contract.wire import json_text
from rag.errors import UsageError
from rag.library.codec import from_payload
from rag.types import Turn

pytestmark = pytest.mark.slow

PAPERS = [
    {
        "id": "owl",
        "title": "Owls hear mice",
        "abstract": "We study owls. Owls hear five mice in ten under 30 cm of snow.",
        "date": "2024-03-01",
        "authors": ["Ada Grey"],
    },
    {
        "id": "vole",
        "title": "Owls see voles",
        "abstract": "We measure sight. Owls see voles at 0.2 lux, twice as well as cats.",
        "date": "2021",
    },
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    source = folder / "papers.jsonl"
    source.write_text("\n".join(map(json.dumps, PAPERS)), encoding="utf-8")
    config = load_config(settings=["llm.model=off", "reader=off"], index=folder / "index")
    assert build.ingestor(config).run([source]).papers == 2
    return build.assistant(config)


def test_odd_questions_meet_no_foreign_error(tiny):
    answers = []
    texts = [text for text in odd_texts(70) if len(text) < 250_000]
    found = ask_all(tiny, texts, after=answers.append)
    assert not found
    assert len(answers) == len(texts) > 60
    for answer in answers:
        line = json_text(answer_to_json(answer))
        assert json.loads(line.encode())["question"] == answer.question


def test_half_characters_of_a_question_are_replaced_and_that_is_said(tiny):
    answer = tiny.ask("do owls \ud800 hear\x1b mice?")
    assert answer.question == "do owls \ufffd hear mice?"
    assert answer_to_json(answer)["notes"] == [
        "half characters in the question were replaced or left out",
        "control characters in the question were replaced or left out",
    ]
    assert "notes" not in answer_to_json(tiny.ask("do owls hear mice?"))


@pytest.mark.parametrize("question", [None, 5, ["owls"], b"owls"])
def test_a_question_that_is_no_text_is_wrong_usage(tiny, question):
    with pytest.raises(UsageError, match="must be text"):
        tiny.search(question)
    with pytest.raises(UsageError, match="must be text"):
        tiny.ask(question)


def test_what_is_read_of_earlier_turns_does_not_grow_with_them():
    def read(count):
        turns = [Turn("user", "owls " * count), Turn("assistant", "mice " * count, ("x",) * count)]
        heard = asked("and then?", turns * count)
        assert heard.history[-1].role == "assistant"
        assert "long earlier turns" in heard.notes[0]
        return sum(len(turn.content) + len(turn.paper_ids) for turn in heard.history)

    assert read(5_000) == read(10_000)
    assert read(5_000) <= MOST_TURNS * (LONGEST_ANSWER + LONGEST_QUESTION)


def test_short_earlier_turns_are_read_whole():
    turns = (Turn("user", "owls?"), Turn("assistant", "Owls hear mice [1]", ("owl",)))
    assert asked("and voles?", turns).history == turns
    assert asked("and voles?", turns).notes == ()


def test_a_question_that_is_cut_is_said_to_be():
    assert asked("a" * LONGEST_QUESTION).notes == ()
    (note,) = asked("a" * (LONGEST_QUESTION + 1)).notes
    assert "first 2,000 characters" in note


def test_half_characters_of_a_stored_record_can_be_written():
    paper = from_payload(
        {
            "paper_id": "p",
            "title": "a \ud800 title",
            "abstract": "Half \udfff of one.",
            "url": "https://example.org/\ud83d",
            "authors": ["B \udc80"],
        }
    )
    assert paper.url == "https://example.org/\ufffd"
    assert (len(paper.abstract), paper.abstract[5]) == (len("Half x of one."), "\ufffd")
    "".join((paper.title, *paper.authors)).encode()
