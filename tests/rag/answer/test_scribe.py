"""Sentences in the model's words, and what becomes of those that may not be shown."""

from dataclasses import dataclass

import pytest

from rag.answer.scribe import NOT_STATED, PROMPT, TAUGHT_PROMPT, Note, Scribe
from rag.config import AnswerConfig
from rag.models.writer.writer import Written
from rag.types import Hit, Paper, Passage

ABSTRACT = "OwlBench holds 4,200 recordings of barn owls that hunt in deep snow."
QUESTION = "How many recordings are there?"


@dataclass
class Scripted:
    """A writer that says what it is told to, and keeps what it was asked."""

    sentence: str
    taught: bool = True
    bundled: bool = True
    asked: tuple = ()

    def write(self, requests, *, stop=None):
        self.asked = tuple(requests)
        return Written((self.sentence,) * len(requests), tokens_in=7, tokens_out=5)


def note(abstract=ABSTRACT, title="OwlBench: Hunting by Night"):
    paper = Paper(paper_id="owls", title=title, abstract=abstract)
    passage = Passage("owls", 0, 0, len(abstract))
    return Note(QUESTION, Hit(paper, (passage,), 1.0), (passage,))


def state(writer, asked=None, most_words=30):
    scribe = Scribe(writer, AnswerConfig(), lambda stem: 1.0)
    return scribe.statements([asked or note()], most_words=most_words, stop=None)[0], scribe


def test_a_sentence_that_its_evidence_carries_is_shown():
    said = Scripted("The OwlBench holds 4,200 recordings of barn owls.", taught=False)
    statement, scribe = state(said)
    assert statement.text == "The OwlBench holds 4,200 recordings of barn owls."
    assert statement.verdict == "supported"
    assert (scribe.tokens.read, scribe.tokens.written) == (7, 5)


@pytest.mark.parametrize(
    "sentence",
    [
        NOT_STATED,
        "",
        "OwlBench holds 2,400 recordings of hunting barn owls.",
        "OwlBench holds 4,200 recordings of hunting snow leopards.",
        "OwlBench holds no recordings of barn owls.",
    ],
)
def test_a_refusal_and_what_is_not_carried_give_way_to_the_papers_words(sentence):
    statement, _ = state(Scripted(sentence))
    assert statement.verdict == "quoted"
    assert statement.text in ABSTRACT


def test_the_taught_model_may_only_retell():
    near = "The OwlBench holds 4,200 recordings of barn owls."
    assert state(Scripted(near, taught=False))[0].verdict == "supported"
    assert state(Scripted(near))[0].verdict == "quoted"


def test_a_retelling_is_shown_and_a_sentence_without_end_is_not():
    asked = note("We record 4,200 hunts of barn owls (in deep snow).", title="Owls")
    said = "The authors record 4,200 hunts of barn owls."
    statement, _ = state(Scripted(said), asked)
    assert (statement.text, statement.verdict) == (said, "supported")
    statement, _ = state(Scripted(said), asked, most_words=7)
    assert statement.verdict == "quoted"


def test_what_could_be_read_as_a_marker_is_not_written():
    asked = note("We record 4,200 hunts of barn owls as others did [12].", title="Owls")
    said = "The authors record 4,200 hunts of barn owls as others did [12]."
    assert state(Scripted(said), asked)[0].verdict == "quoted"


def test_the_taught_model_is_asked_without_examples_and_may_refuse():
    taught, untaught = Scripted(""), Scripted("", taught=False)
    _, scribe = state(taught)
    assert scribe.prompt.name == TAUGHT_PROMPT
    assert taught.asked[0].offered == ()  # it may use any word: it has learned which
    assert "OwlBench: Hunting by Night" in taught.asked[0].messages[-1].content
    _, scribe = state(untaught)
    assert scribe.prompt.name == PROMPT
    assert untaught.asked[0].offered == (ABSTRACT,)
    assert len(untaught.asked[0].messages) > len(taught.asked[0].messages)
