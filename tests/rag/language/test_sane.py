import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.language.sane import repairs, sane


@pytest.mark.parametrize(
    ("text", "expected", "mended"),
    [
        ("Nine ships.\n\tTwo leak: café, 船.", "Nine ships.\n\tTwo leak: café, 船.", ()),
        ("half \ud800 of one", "half \ufffd of one", ("half characters",)),
        ("the \ude00\ud83d wrong way", "the \ufffd\ufffd wrong way", ("half characters",)),
        ("both \ud83d\ude00 halves", "both \U0001f600 halves", ()),
        ("n\x00u\x7fl\x9f", "nul", ("control characters",)),
        ("\x1b]0;title\x07\x1b[31mred", "]0;title[31mred", ("control characters",)),
        ("one\r\ntwo\rthree", "one\ntwo\nthree", ()),
        ("one\x0ctwo\x0bthree\x85four", "one two three four", ()),
        ("\udfff\x01", "\ufffd", ("half characters", "control characters")),
    ],
)
def test_text_is_made_sane_and_what_was_mended_is_said(text, expected, mended):
    assert sane(text) == expected
    assert repairs(text) == mended


@given(st.text(st.characters(codec=None)))
def test_sane_text_can_be_written_and_stays_as_it_is(text):
    made = sane(text)
    made.encode()
    assert sane(made) == made
    assert repairs(made) == ()
