"""What is shown of a long sentence is always a stretch of it."""

from hypothesis import given
from hypothesis import strategies as st

from rag.language.trimming import shown_part


def part(sentence, wanted=(), most=60):
    return shown_part(sentence, wanted=frozenset(wanted), worth=lambda stem: 1.0, most_words=most)


def test_a_lead_in_is_left_out():
    assert (
        part("However, owls sleep by day in hollow trees.") == "owls sleep by day in hollow trees."
    )
    assert (
        part("Extensive experiments on four farms show that owls catch more mice.")
        == "owls catch more mice."
    )


def test_a_short_sentence_is_shown_whole():
    assert part("Owls sleep by day.") == "Owls sleep by day."


def test_a_long_sentence_is_cut_at_the_joint_that_keeps_what_is_wanted():
    sentence = (
        "The owls of the northern forest were counted every night for two whole years, "
        "which gave a mean of 41 birds per valley; the mice were not counted at all."
    )
    assert part(sentence, {"41", "bird"}, most=14) == "which gave a mean of 41 birds per valley"


@given(st.text(max_size=300), st.integers(1, 40))
def test_what_is_shown_is_a_stretch_of_the_sentence(sentence, most):
    assert part(sentence, {"owl"}, most) in sentence
