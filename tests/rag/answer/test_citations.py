"""Answers are put together so that a wrong citation cannot be made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer.citations import Draft, Statement, quoted
from rag.language.sentences import passages
from rag.types import Answer, Citation, Claim, Hit, Paper, Source

ABSTRACT = "Owls hear mice under snow. We find a 12% gain. [9] is not a marker of ours."


def hit(paper_id="owls", abstract=ABSTRACT):
    paper = Paper(paper_id, f"On {paper_id}", abstract)
    return Hit(paper, passages(paper_id, abstract), 0.5)


def answer_of(draft):
    return Answer(
        question="q",
        standalone_question="q",
        kind="fact",
        outcome="answered",
        text=draft.text,
        claims=tuple(draft.claims),
        sources=draft.sources(),
    )


def test_labels_count_from_one_in_order_of_first_use():
    one, two = hit("owls"), hit("mice", "Mice dig. Mice sleep.")
    draft = Draft()
    for source, place in ((two, 0), (one, 1), (two, 1)):
        draft.state(quoted(source, source.passages[place]))
        draft.say(" ")
    answer = answer_of(draft)
    assert [c.citations[0].label for c in answer.claims] == [1, 2, 1]
    assert [source.paper.paper_id for source in answer.sources] == ["mice", "owls"]


def test_a_quotation_stands_in_quotation_marks_before_its_marker():
    source = hit()
    draft = Draft()
    draft.state(quoted(source, source.passages[1]))
    assert draft.text == "\u201cWe find a 12% gain.\u201d [1]"


def test_words_that_are_not_the_papers_cannot_be_quoted():
    source = hit()
    with pytest.raises(ValueError, match="not in the passage"):
        quoted(source, source.passages[1], text="We find a 13% gain.")


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans()), max_size=8))
def test_every_draft_is_a_valid_answer(steps):
    sources = [
        hit("a"),
        hit("b", "One. Two. Three."),
        hit("c", "Vier? F\u00fcnf! \U0001f600 sechs."),
    ]
    draft = Draft()
    for which, place, own in steps:
        source = sources[which]
        passage = source.passages[min(place, len(source.passages) - 1)]
        if own:
            draft.state(Statement("In other words [7].", source, (passage,), "supported"))
        else:
            draft.state(quoted(source, passage))
        draft.say("\n")
    answer = answer_of(draft)  # validates spans, quotes and sources
    assert len(answer.claims) == len(steps)


def test_an_answer_refuses_a_quote_that_is_not_in_the_paper():
    source = hit()
    with pytest.raises(ValueError, match="not words of a source"):
        Answer(
            "q",
            "q",
            "fact",
            "answered",
            "It is so. [1]",
            (Claim("It is so.", 0, 9, (Citation(1, "owls", "Owls see", 0, 8),), "supported"),),
            (Source(1, source.paper, 0.5),),
        )


def test_an_answer_refuses_a_source_that_nothing_cites():
    with pytest.raises(ValueError, match="not the cited"):
        Answer("q", "q", "fact", "answered", "", (), (Source(1, hit().paper, 0.5),))
