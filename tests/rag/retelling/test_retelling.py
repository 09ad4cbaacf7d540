"""What may be left out when a sentence is retold, and above all what may not."""

import pytest

from rag.retelling.edits import edits
from rag.retelling.retells import retells, retold
from rag.types import Paper

NAMED = Paper(
    paper_id="owls",
    title="OwlNet: Hearing Mice Under Snow",
    abstract="We introduce OwlNet, a model that hears mice. Our model needs no light.",
)


def paper(**changes):
    return Paper(paper_id="p", title="Owls in Snow", abstract="Owls hunt.", **changes)


TRUE = [
    ("We train owls on 40 tones.", "The authors train owls on 40 tones."),
    ("To this end, we record 4,200 hunts.", "The authors record 4,200 hunts."),
    ("We show that our owls perform better.", "The authors' owls perform better."),
    (
        "Barn owls (Tyto alba) find mice in deep snow, achieving great success.",
        "Barn owls find mice in deep snow.",
    ),
    (
        "Our nest box, which costs little, improves breeding by 12%.",
        "The authors' nest box improves breeding by 12%.",
    ),
    ("We propose a novel ear for owls.", "The authors propose an ear for owls."),
    (
        "We build nests, and we count our owls.",
        "The authors build nests, and the authors count their owls.",
    ),
    ("Barn owls perform well; they are heavy.", "Barn owls perform well."),
    ("(3) We also find owls in the snow.", "The authors find owls in the snow."),
    ("We show that we need owls.", "The authors show that the authors need owls."),
    ("The method, surprisingly, works in rain.", "The method works in rain."),
]

FALSE = [
    # (evidence, what it does not say)
    ("We show that the gap between owls and bats can be reduced.", "Owls and bats can be reduced."),
    ("Owls perform well, but only in deep snow.", "Owls perform well."),
    ("Owls find mice if the snow is deep.", "Owls find mice."),
    ("Owls perform well (except in rain).", "Owls perform well."),
    ("Owls do not perform better, which we regret.", "Owls perform better."),
    ("We doubt that owls find mice.", "Owls find mice."),
    ("Owls find mice, unless it rains.", "Owls find mice."),
    ("Owls eat mice, voles, and shrews.", "Owls eat voles."),
    ("Owls gain 12% and bats lose 9%.", "Owls gain 9% and bats lose 12%."),
    ("Owls gain 12%.", "Owls gain 21%."),
    ("We find that owls, including young ones, fail at dawn.", "We find that owls."),
    ("The gap between owls and bats, which was wide, closed.", "The gap between owls and bats."),
    (
        "This is how we perceive the world of owls.",
        "This is how the authors perceive the world of owls.",
    ),
    ("Experiments ask whether barn owls perform well, using 40 tones.", "Barn owls perform well."),
    ("We build a novel and fast ear.", "The authors build a and fast ear."),
    ("Concepts of the kind we form are few.", "Concepts of the kind the authors form are few."),
    (
        "This improves our understanding of owls.",
        "This improves the authors' understanding of owls.",
    ),
    ("Snow changes little, thus, we wait.", "Snow changes little, the authors wait."),
    ("Their training needs owls.", "The authors' training needs owls."),
    ("Owls need no light (i.e., they hear).", "Owls need no light (\ufffd)."),
    ("(3) We also find owls there.", "(3) The authors find owls there."),
    ("RePAQ-owls run at speed (over 1,000 mice an hour).", "RePAQ-owls run at speed."),
    ("Owls perform well, reaching 41%.", "Owls perform well."),
    ("It does not further reduce noise, however.", "It does reduce noise."),
    # The argument of a function is no aside, and a number is not glued to what it counts.
    (
        "We show that the method runs in O(n log n) time on all inputs.",
        "The method runs in O time on all inputs.",
    ),
    ("Owls sample from P(y | x) at every step.", "Owls sample from P at every step."),
    ("Owls sort 3 rows of mice at night.", "Owls sort 3rows of mice at night."),
]


@pytest.mark.parametrize(("text", "sentence"), TRUE)
def test_what_says_the_same_is_a_retelling(text, sentence):
    assert retells(sentence, text, paper())


@pytest.mark.parametrize(("text", "sentence"), FALSE)
def test_what_says_something_else_is_none(text, sentence):
    assert not retells(sentence, text, paper())


@pytest.mark.parametrize("text", [text for text, _ in TRUE])
def test_the_briefest_retelling_is_a_retelling(text):
    own = paper()
    said = retold(text, own, without=[edit for edit in edits(text, own) if not edit.needed])
    assert retells(said, text, own)
    assert len(said) <= len(text) + len("the authors'") * text.lower().count("we")


def test_the_first_person_does_not_stay():
    assert not retells("We train owls on 40 tones.", "We train owls on 40 tones.", paper())


def test_their_is_said_of_nobody_who_was_not_named():
    assert not retells("Bats beat their owls.", "Bats beat our owls.", paper())
    assert retells("Bats beat the authors' owls.", "Bats beat our owls.", paper())


def test_one_author_is_not_several():
    alone = paper(author_count=1)
    assert not retells("The authors train owls at night.", "We train owls at night.", alone)
    assert retells("The author's owls hear well.", "Our owls hear well.", alone)


def test_our_model_goes_by_the_name_that_the_abstract_gives_it():
    assert retells("OwlNet needs no light.", "Our model needs no light.", NAMED)
    assert not retells("OwlNet holds 4,200 hunts.", "Our dataset holds 4,200 hunts.", NAMED)
    unnamed = Paper(paper_id="x", title=NAMED.title, abstract="Our model needs no light.")
    assert not retells("OwlNet needs no light.", "Our model needs no light.", unnamed)


def test_parts_of_an_enumeration_that_are_counted_keep_their_numbers():
    text = "There are two owls: (1) one sleeps and (2) one hunts."
    assert not retells("There are two owls: one sleeps and one hunts.", text, paper())


def test_text_full_of_marks_is_read_in_time():
    text = "We " + "(a, which b, c ing) " * 200 + "."
    assert not retells("The authors ran.", text, paper())


def test_a_text_that_is_no_sentence_is_refused_and_breaks_nothing():
    text = "further " * 3000 + "we train owls on tones."
    assert not retells("The authors train owls on tones.", text, paper())
    assert retells("The authors train owls on tones.", "We further train owls on tones.", paper())
