"""Papers on this or on that: two requests in one."""

import pytest

from rag.question.alternatives import alternatives


@pytest.mark.parametrize(
    ("topic", "parts"),
    [
        ("owls or on hunting in snow", ("owls", "hunting in snow")),
        ("owls, or about mice, or on snow", ("owls", "mice", "snow")),
        ("loops or repetition in generated text", ()),
        ("whether to rely or on which data to rely", ("whether to rely", "which data to rely")),
        ("owls or on the", ()),
        ("turning sensors on or off", ()),
        ("", ()),
        (" or on ".join(["owls", "mice", "snow", "wind", "rain"]), ()),
    ],
)
def test_only_a_repeated_on_or_about_makes_two(topic, parts):
    assert alternatives(topic) == parts
