"""Words of papers in the shape of an answer: they make no marker, no column, no line of it."""

import numpy as np
import pytest

from rag.answer.citations import Draft
from rag.answer.composing import ABSENT, FACT_WORDS, comparison, listing, point
from rag.answer.scribe import Scribe
from rag.config import AnswerConfig
from rag.evidence.passages import Chosen
from rag.evidence.retrieval import Candidate
from rag.language.sentences import passages
from rag.types import Paper

SCRIBE = Scribe(None, AnswerConfig(), lambda stem: 1.0)


def candidate(number, title, abstract):
    paper = Paper(f"p{number}", title, abstract)
    spans = tuple(passages(paper.paper_id, abstract))
    scores = np.linspace(1.0, 0.0, len(spans))
    return Candidate(number, paper, spans, {}, (), 1.0, lambda: scores)


def written(steps, draft):
    for _ in steps:
        pass
    return draft


def made_of(chosen, draft):
    asked = "where do owls sleep?"
    most = {"most_words": FACT_WORDS, "cut_for": asked, "scribe": SCRIBE, "stop": None}
    return point(draft, asked, chosen, **most)


@pytest.mark.parametrize(
    ("abstract", "shown"),
    [
        ("|We propose a net| that finds owls in snow.", "We propose a net"),
        ("| |\nWe propose a net that finds owls in snow.", "We propose a net"),
        ("We propose a net\nthat finds | owls in snow.", "We propose a net"),
    ],
)
def test_a_quoted_sentence_with_bars_and_line_ends_shifts_no_column(abstract, shown):
    sides = [
        candidate(1, "One", abstract),
        candidate(2, "Two|[3]\nx", "We study how owls see mice."),
    ]
    draft = Draft()
    written(comparison(draft, "how do owls hunt?", sides, scribe=SCRIBE), draft)
    rows = draft.text.split("\n")
    assert {row.count("|") for row in rows} == {4}
    assert rows[0] == "| | One | Two/(3) x |"
    assert shown in draft.text
    assert [claim.citations[0].label for claim in draft.claims] == [1, 2]
    for claim in draft.claims:
        assert draft.text[claim.start : claim.end] == claim.text


def test_a_sentence_of_nothing_but_bars_is_not_quoted():
    sides = [candidate(1, "One", "| | | | | |"), candidate(2, "Two", "We study how owls see mice.")]
    draft = Draft()
    written(comparison(draft, "how do owls hunt?", sides, scribe=SCRIBE), draft)
    assert f"| Asked | {ABSENT} |" in draft.text


def test_markers_in_a_title_stand_in_no_list():
    draft = Draft()
    found = [candidate(1, "Owls [2] [3]\n- hear", "We study how owls hear mice.")]
    written(listing(draft, "owls?", found, scribe=SCRIBE, stop=None), draft)
    assert draft.text.startswith("- Owls (2) (3) - hear: ")
    assert draft.text.count("[") == draft.text.count("[1]") == 1


def test_a_fact_shows_as_many_of_the_chosen_sentences_as_its_words_allow():
    long = "We find, in a study of many barns, " + " ".join(f"w{i}" for i in range(15))
    one = candidate(1, "One", f"{long}, which helps owls. Bats sleep in caves. {long}, and more.")
    chosen = [Chosen(one, passage, 0.3) for passage in one.passages]
    assert len(chosen) == 3
    draft = Draft()
    written(made_of(chosen, draft), draft)
    assert len(draft.claims) == 3
    assert sum(len(claim.text.split()) for claim in draft.claims) <= FACT_WORDS
    assert draft.claims[1].text == "Bats sleep in caves."


def test_a_sentence_that_cannot_be_cut_to_fit_is_left_out():
    words = " ".join(f"w{i}" for i in range(35))
    one = candidate(1, "One", f"Owls {words}. Bats {words}.")
    chosen = [Chosen(one, passage, 0.5) for passage in one.passages]
    draft = Draft()
    written(made_of(chosen, draft), draft)
    assert [claim.text[:4] for claim in draft.claims] == ["Owls"]


def test_a_comparison_has_the_two_best_sentences_of_each_side_and_the_next_three():
    prey = ("mice", "moles", "voles", "newts", "shrews", "frogs")
    many = " ".join(f"Owls hunt {one} at night." for one in prey)
    sides = [candidate(1, "One", many), candidate(2, "Two", "Bats hunt moths.")]
    draft = Draft()
    written(comparison(draft, "how do they hunt?", sides, scribe=SCRIBE), draft)
    asked, besides = draft.text.split("\n")[2:]
    assert asked.startswith("| Asked |") and asked.count("[1]") == 2 and asked.count("[2]") == 1
    assert besides.startswith("| Besides |") and besides.endswith("| nothing more |")
    assert besides.count("[1]") == 3
    assert "voles" in besides and "newts" in besides and "shrews" in besides
    assert "frogs" not in draft.text
