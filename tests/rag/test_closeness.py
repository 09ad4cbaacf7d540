"""Which sentences of the small model say what their evidence says, in its order."""

import pytest

from rag.closeness import keeps_close

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
