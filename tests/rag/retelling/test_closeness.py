"""Which sentences of the small model say what their evidence says, in its order."""

import pytest

from rag.retelling.closeness import keeps_close

EVIDENCE = (
    "Moreover, OwlNet finds 93.5% of all mice by sound alone, and needs no light to do so.",
    "This makes barns quieter.",
)


@pytest.mark.parametrize(
    "sentence",
    [
        "OwlNet finds 93.5% of all mice by sound alone.",
        "OwlNet finds 93.5% of mice by sound alone, and needs no light.",
        "This makes barns quieter.",
    ],
)
def test_what_follows_the_evidence_is_kept(sentence):
    assert keeps_close(sentence, EVIDENCE)


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a sound and light mice.",  # the evidence's words, and nothing said
        "OwlNet finds finds 93.5% of all mice by sound alone.",
        "It finds 93.5% of all mice by sound alone.",  # who?
        "Mice alone needs no sound, and OwlNet by light.",
        "OwlNet",
        "",
    ],
)
def test_what_strings_words_together_is_not(sentence):
    assert not keeps_close(sentence, EVIDENCE)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "We show that owls and mice can be reduced by snow.",
            "We show that the gap between owls and mice can be reduced by snow.",
        ),
        (
            "Owls and mice can be reduced by deep snow.",
            "The gap between the owls and mice can be reduced by deep snow.",
        ),
        (
            "The owl loss is equivalent to the area under the curve.",
            "The owl loss maximises a statistic, which is equivalent to the area under the curve.",
        ),
        (
            "Owls are more likely to be less likely heard in snow.",
            "Owls are more likely to be heard in snow.",
        ),
    ],
)
def test_what_is_left_out_or_put_in_between_turns_a_sentence(sentence, evidence):
    assert not keeps_close(sentence, [evidence])


def test_whole_asides_may_be_left_out():
    evidence = "We present OwlNet (Fig. 2), a network (small) that hears owls in snow."
    assert keeps_close("We present OwlNet, a network that hears owls in snow.", [evidence])
