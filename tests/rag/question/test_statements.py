"""What is said and what is asked, told apart by form."""

import pytest

from rag.question.statements import states

SAID = (
    "Barn owls can hunt by ear in snow.",
    "The dose of the second week is lower than that of the first.",
    "In rats, cold exposure does not change how much they eat.",
    "A new loss halves the memory that training needs, and no accuracy is lost.",
    "Owls that hunt at dusk don't see better than those which hunt at noon.",
    "Hunting owls. They turn their heads where a mouse has been heard.",
)
ASKED = (
    "Who likes owls?",
    "which papers are about owls.",
    "what do barn owls eat in winter .",
    "in what way do owls hunt.",
    "and how do owls hunt in snow.",
    "does anyone count owls at night.",
    "Papers on owls and on mice.",
    "recent work on owls.",
    "Find everything about owls.",
    "please list methods that count owls.",
    "I need a data set of owls.",
    "We label recordings by hand.",
    "Owls are hard to count. Is there a benchmark for that?",
    "For counting owls at night, which papers should one read.",
    "Any studies of owls.",
)
UNSURE = (
    "Owls of the north.",
    "Systems for counting owls in the dark and at dusk.",
    "Barn owls hunt by ear in snow.",  # no verb of a closed class
    "owls that hunt in snow",
    "OwlBench: A Benchmark of Night Hunting",
    "",
    " . ",
)


@pytest.mark.parametrize("text", SAID)
def test_a_sentence_that_asks_nothing_states(text):
    assert states(text)


@pytest.mark.parametrize("text", ASKED + UNSURE)
def test_what_asks_requests_or_only_names_does_not(text):
    assert not states(text)
