"""The parts of answers from the records: what is asked of them, mentions, claims that cite fields."""

import pytest

from rag.answer.exact.counting import per_year
from rag.answer.exact.mentions import spellings
from rag.answer.exact.records import FIELDS, fact_of
from rag.question.counted import counted
from rag.question.record_fields import USUAL, fields_asked
from rag.question.slots import Slot
from rag.types import Answer, Claim, Paper, RecordCitation, Source, recorded

PAPER = Paper(
    "kites",
    "When Authors Fly Kites",
    "They fly. We count.",
    date="2024-05",
    authors=("Ada Grey", "Bo Li"),
    upvotes=1,
)


def answer(*citations, text="Said.", verdict="record"):
    claim = Claim(text, 0, len(text), citations, verdict)
    source = Source(1, PAPER, 1.0)
    return Answer("q", "q", "metadata", "answered", text, (claim,), (source,))


def test_a_claim_of_a_record_is_held_by_the_record():
    kept = answer(RecordCitation(1, "kites", "authors", "Ada Grey, Bo Li"))
    assert kept.claims[0].fields[0].value == recorded(PAPER, "authors")
    answer(RecordCitation(1, "kites", "authors", "Bo Li"))  # one of them
    with pytest.raises(ValueError, match="is not words of a source"):
        answer(RecordCitation(1, "kites", "authors", "Cy Ng"))
    with pytest.raises(ValueError, match="has no field 'editors'"):
        answer(RecordCitation(1, "kites", "editors", "Bo Li"))
    with pytest.raises(ValueError, match="nothing of 'venue' is cited"):
        RecordCitation(1, "kites", "venue", "")
    with pytest.raises(ValueError, match="cites a Citation"):
        answer(RecordCitation(1, "kites", "date", "2024-05"), verdict="quoted")


def test_every_field_that_can_be_asked_for_can_be_told():
    asked = {name for name in FIELDS if fields_asked(FIELDS[name].absent, ())}
    assert set(USUAL) <= set(FIELDS)
    assert set(FIELDS) - asked <= {
        "code_url",
        "title",
    }  # "link to code"; a title is cited, "bibtex"
    assert all(name in Paper.__dataclass_fields__ for name in FIELDS)


def test_the_name_of_a_paper_asks_for_nothing():
    text = "is When Authors Fly Kites any good?"
    assert fields_asked(text, (), [(3, 25)]) == ()
    slot = Slot("name", "When Authors Fly Kites", 3, 25)
    assert fields_asked(text, (slot,)) == ()
    assert fields_asked("when is it from", ()) == ("date",)


def test_a_misspelt_field_is_that_field():
    assert fields_asked("jornal of this?", ()) == ("venue",)
    assert fields_asked("is it retrated", ()) == ("retracted",)


def test_a_value_in_the_question_says_which_field_is_asked_where_no_word_does():
    slot = Slot("author", "Ada Grey", 0, 8)
    assert fields_asked("Ada Grey on the kites one, right?", (slot,)) == ("authors",)
    assert fields_asked("Ada Grey's kites paper: which journal?", (slot,)) == ("venue",)


def test_what_a_record_holds_is_told_and_what_it_lacks_is_not_made_up():
    assert fact_of(PAPER, "author_count", "how many?").words == "has 2 authors: Ada Grey, Bo Li"
    assert fact_of(PAPER, "upvotes", "").words == "has 1 upvote"
    assert fact_of(PAPER, "doi", "") is None
    counted_only = Paper("x", "X", "Text.", author_count=6)
    assert fact_of(counted_only, "authors", "").words == "has 6 authors in its record but no names"


def test_of_very_many_authors_those_asked_for_are_named():
    many = Paper("m", "M", "Text.", authors=tuple(f"Ann B{n}" for n in range(3000)))
    first = fact_of(many, "authors", "who wrote M?")
    assert first.words == "was written by Ann B0, Ann B1, Ann B2, among 3,000 authors"
    assert fact_of(many, "authors", "is B17 on it?").value == "Ann B17"
    assert fact_of(many, "authors", "the last author?").value == "Ann B2999"
    assert all(fact_of(many, "authors", q).value in recorded(many, "authors") for q in ("", "B7?"))


@pytest.mark.parametrize(
    ("words", "held", "not_held"),
    [
        ("GPT-4", "gpt4, GPT 4. GPT-4, (GPT\u20114)".split(", "), ["GPT-4.1", "GPT-40", "xGPT-4"]),
        ("Llama", ["LLaMA-2", "Llama2", "llamas", "(Llama)"], ["Llamaindex", "ollama"]),
        ("deep sea mining", ["Deep-sea mining", "deep sea\nmining"], ["deep sea"]),
        ("survey", ["surveys", "A Survey:"], ["surveyed", "surveyor"]),
    ],
)
def test_a_mention_is_found_in_every_spelling_and_in_no_other_word(words, held, not_held):
    pattern = spellings(words)
    assert [text for text in held if not pattern.search(text)] == []
    assert [text for text in not_held if pattern.search(text)] == []


def test_words_without_letters_are_mentioned_nowhere():
    assert spellings("?!") is None


def test_what_is_counted_follows_what_was_tagged():
    def of(text, *slots):
        tagged = [Slot(label, s, text.index(s), text.index(s) + len(s)) for label, s in slots]
        return counted(text, tagged, text)

    assert of("how many papers use GPT-4", ("name", "GPT-4")) == ("", "GPT-4", False)
    assert of("how many papers on bees", ("topic", "bees")) == ("bees", "", False)
    assert of("how many papers mention sea ice", ("topic", "sea ice")) == ("", "sea ice", False)
    assert of('how many have the word "survey"') == ("", "survey", False)
    assert of("how many papers are there per year") == ("", "", True)
    assert of("what is the total number of papers?") == ("", "", False)


def test_years_are_counted_in_order_and_the_undated_last():
    dates = ("2024-05", "2022", "2024", None)
    papers = [Paper(f"p{n}", "", "Text.", date=date) for n, date in enumerate(dates)]
    assert per_year(papers) == "- 2022: 1\n- 2024: 2\n- without a date: 1"
