"""What is asked by a closed class of words: superlatives, short forms, mentions, wishes of a list."""

import pytest

from rag.question.counted import mentioned
from rag.question.filters.extremes import extreme
from rag.question.short_forms import short_forms_asked
from rag.question.slots import Slot
from rag.question.turns import talk
from rag.question.turns.history import listed
from rag.question.turns.shown import Wish, wish
from rag.types import Filters, Turn


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("which paper has the most authors?", ("most_authors", 1)),
        ("the newest paper on owls", ("newest", 1)),
        ("Grey's most recent paper", ("newest", 1)),
        ("what is the longest author list?", ("most_authors", 1)),
        ("just the two newest", ("newest", 2)),
        ("which paper of 2025 has the most comments?", ("comments", 1)),
        ("and the oldest?", ("oldest", 1)),
        ("most discussed papers", ("comments", None)),
        ("the three newest papers", ("newest", 3)),
        ("what's the latest on owls", ("newest", None)),
        ("owls, newest first", ("newest", None)),
        ("a test of time", None),
        ("the most accurate method", None),
        ("how do forests rest in the west?", None),
    ],
)
def test_a_superlative_of_the_record_is_an_order_and_may_mean_one_paper(question, wanted):
    found = extreme(question)
    assert (found and (found.order, found.limit)) == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What does WBX stand for?", ("WBX",)),
        ("WBX meaning?", ("WBX",)),
        ("what is WBX short for", ("WBX",)),
        ("please spell out WBX for me", ("WBX",)),
        ("WBX = ?", ("WBX",)),
        ("in the owl paper, what do WBX and QNF mean?", ("WBX", "QNF")),
        ("What is WBX?", ("WBX",)),
        ("\u4ec0\u4e48\u662fWBX\uff1f", ("WBX",)),
        ("what does WBX mean for safety?", ()),
        ("What is WBX good for?", ()),
        ("WBX vs QNF", ()),
        ("what does the mean stand for?", ()),
        ("WHICH PAPERS STUDY OWLS AT NIGHT? WHAT DOES IT STAND FOR", ()),
    ],
)
def test_a_short_form_is_asked_for_by_a_closed_class_of_words(question, wanted):
    assert short_forms_asked(question, alone=True) == wanted


def test_a_short_form_that_names_a_paper_needs_to_be_asked_for():
    assert short_forms_asked("What is WBX?", alone=False) == ()


def tagged(question: str, label: str, text: str) -> list[Slot]:
    return [Slot(label, text, question.index(text), question.index(text) + len(text))]


@pytest.mark.parametrize(
    ("question", "label", "subject", "wanted"),
    [
        ("which papers mention owls?", "topic", "owls", "owls"),
        ("any paper mentioning Harbour?", "topic", "Harbour", "Harbour"),
        ("papers that refer to Bradley-Terry", "name", "Bradley-Terry", "Bradley-Terry"),
        ("which papers use GPT-4?", "topic", "GPT-4", "GPT-4"),
        ("who works with Qwen models?", "name", "Qwen models", "Qwen"),
        ("evaluated on WX8K", "topic", "WX8K", "WX8K"),
        ("papers that use kites", "topic", "kites", ""),
        ("papers on GPT-4", "topic", "GPT-4", ""),
        ("papers that use WBX", "topic", "WBX", ""),  # nobody writes it
    ],
)
def test_words_that_papers_must_write_are_looked_for_by_the_letter(
    question, label, subject, wanted
):
    slots = tagged(question, label, subject)
    assert mentioned(question, slots, known=lambda word: word != "WBX") == wanted


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("sort them by date", Wish("newest")),
        ("sort by number of authors", Wish("most_authors")),
        ("oldest first please", Wish("oldest")),
        ("which is the oldest?", Wish("oldest", 1)),
        ("which of them is newer?", Wish("newest", 1)),
        ("which one has the most?", Wish("most_authors", 1)),
        ("just the titles please", Wish()),
        ("go back to the list", Wish()),
        ("show the list again", Wish()),
        ("drop the second", Wish(drops=True)),
        ("which of them needs least power?", None),
        ("what is the newest sensor made of?", None),
        ("what do they find?", None),
    ],
)
def test_a_wish_of_the_list_is_its_order_its_number_or_the_list_itself(question, wanted):
    before = Filters(author_count_min=15)
    assert wish(question, Filters(), before) == wanted


def test_the_list_is_still_there_when_one_of_its_papers_was_spoken_of():
    turns = (
        Turn("user", "papers on owls"),
        Turn("assistant", "- Owls [1]\n- Rain [2]\n- Snow [3]", ("owls", "rain", "snow")),
        Turn("user", "compare the first and the third"),
        Turn("assistant", "| Owls | Snow |", ("owls", "snow")),
        Turn("user", "what does the first say?"),
        Turn("assistant", "They hear. [1]", ("owls",)),
    )
    assert listed(turns) == ("owls", "rain", "snow")
    assert listed(turns[2:]) == ("owls", "snow")
    assert listed(turns[4:]) == ()


def test_turns_that_ask_for_nothing_new_are_told_by_their_phrase():
    assert talk.correction("no, I meant the owls of the north") == "the owls of the north"
    assert talk.correction("no owls I have seen") == ""
    assert talk.doubts("are you sure?") and talk.doubts("which paper says so?")
    assert not talk.doubts("which paper says that owls are sure?")
    assert talk.asks_what_was_asked("what was my previous question?")
    assert not talk.asks_what_was_asked("what was the question of the study?")
    assert talk.asks_for_alike("more papers like the third one")
    assert not talk.asks_for_alike("papers on what owls like to eat")
    assert talk.asks_for_others("anything newer?") and not talk.asks_for_others("just the newest")
