"""Conversations on disk: whole, in order, and only their owner's."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from ui_helpers import HOSTILE, make_abstained, make_answer, make_paper, make_recorded

from rag.errors import UsageError
from rag.types import Filters, Trace
from ui.talk.codec import answer_from_text, answer_to_text
from ui.talk.conversations import Conversations, history

PAPERS = [make_paper(1, authors=("Ada", "Bo"), upvotes=3), make_paper(2, url="https://x.org/a")]


@pytest.fixture
def store(tmp_path):
    return Conversations(tmp_path / "folder" / "conversations.sqlite")


def test_an_answer_is_read_back_equal():
    trace = Trace(llm="m", prompts={"p": "sha"}, seconds={"all": 1.5}, tokens={"out": 3})
    answer = replace(
        make_answer(PAPERS, filters=Filters(year_min=2024, order="newest")), trace=trace
    )
    assert answer_from_text(answer_to_text(answer)) == answer
    listed = replace(answer, filters=Filters(authors=("Ada Grey",), exclude=("bats",), limit=3))
    assert answer_from_text(answer_to_text(listed)) == listed
    for other in (make_abstained(PAPERS), make_recorded(PAPERS)):
        assert answer_from_text(answer_to_text(other)) == other


def test_an_altered_abstract_is_noticed():
    text = answer_to_text(make_answer(PAPERS)).replace(PAPERS[0].abstract, "x" * 60)
    with pytest.raises(ValueError, match="not words of a source"):
        answer_from_text(text)


def test_what_is_no_answer_is_an_error():
    with pytest.raises(ValueError, match="not a stored answer"):
        answer_from_text("{}")


def test_turns_come_back_in_order_after_a_restart(tmp_path):
    path = tmp_path / "conversations.sqlite"
    answers = [make_answer(PAPERS, question=f"question {n}") for n in range(5)]
    kept, _ = Conversations(path).add("ada", "", answers[0])
    for answer in answers[1:]:
        again, _ = Conversations(path).add("ada", kept, answer)
        assert again == kept
    assert [turn.answer for turn in Conversations(path).turns("ada", kept)] == answers


def test_nothing_of_another_owner(store):
    kept, turn = store.add("ada", "", make_answer(PAPERS))
    assert store.turns("bo", kept) == []
    assert store.turn("bo", turn) is None
    assert store.listed("bo") == []
    assert not store.rate("bo", turn, rating=1)
    store.rename("bo", kept, "mine now")
    store.delete("bo", kept)
    assert [c.title for c in store.listed("ada")] == ["What halves the cost?"]
    stolen, _ = store.add("bo", kept, make_answer(PAPERS))
    assert stolen != kept
    assert len(store.turns("ada", kept)) == 1


def test_listed_searched_renamed_deleted(store):
    first, _ = store.add("ada", "", make_answer(PAPERS, question="about cats 100%"))
    second, _ = store.add("ada", "", make_answer(PAPERS, question="about dogs"))
    assert [c.conversation_id for c in store.listed("ada")] == [second, first]
    assert [c.conversation_id for c in store.listed("ada", search="CATS")] == [first]
    assert [c.conversation_id for c in store.listed("ada", search="100%")] == [first]
    assert store.listed("ada", search="%s") == []
    assert len(store.listed("ada", search="halves the cost")) == 2
    store.rename("ada", first, "  Felines  ")
    assert [c.title for c in store.listed("ada", search="felines")] == ["Felines"]
    with pytest.raises(UsageError, match="needs a name"):
        store.rename("ada", first, "  ")
    store.delete("ada", first)
    assert [c.conversation_id for c in store.listed("ada")] == [second]
    assert store.turns("ada", first) == []


@pytest.mark.parametrize("words", [*HOSTILE, "'; DROP TABLE turns; --", "x" * 10_000])
def test_any_words_are_kept_as_they_are(store, words):
    kept, _ = store.add("ada", "", make_answer(PAPERS, question=words))
    assert store.turns("ada", kept)[0].question == words
    assert len(store.listed("ada")[0].title) <= 80


def test_a_rating_is_kept(store):
    kept, turn = store.add("ada", "", make_answer(PAPERS))
    assert store.rate("ada", turn, rating=-1, comment="wrong paper")
    stored = store.turns("ada", kept)[0]
    assert (stored.rating, stored.comment) == (-1, "wrong paper")


def test_history_carries_the_cited_papers(store):
    kept, _ = store.add("ada", "", make_answer(PAPERS))
    said = history(store.turns("ada", kept))
    assert [turn.role for turn in said] == ["user", "assistant"]
    assert said[1].paper_ids == ("p1", "p2")


def test_many_write_at_once(store):
    def add() -> None:
        for number in range(5):
            store.add("ada", kept, make_answer(PAPERS, question=str(number)))

    kept, _ = store.add("ada", "", make_answer(PAPERS))
    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.turns("ada", kept)) == 21
