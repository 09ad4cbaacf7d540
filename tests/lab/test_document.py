"""The tables of the documentation: each block is there once, and what is written stays in it."""

import pytest

from lab.document import DOCS, STEPS, with_block


def test_every_table_has_its_place_in_the_documentation():
    text = DOCS.read_text(encoding="utf-8")
    for name in STEPS:
        assert "measured for the test" in with_block(text, name, ["measured for the test"])


def test_a_block_is_replaced_and_nothing_around_it():
    text = "before\n<!-- dev: by hand -->\nold\n\nolder\n<!-- /dev -->\nafter\n"
    once = with_block(text, "dev", [r"new \1", "", "table"])
    assert once == "before\n<!-- dev: by hand -->\n\nnew \\1\n\ntable\n\n<!-- /dev -->\nafter\n"
    assert with_block(once, "dev", [r"new \1", "", "table"]) == once


def test_a_missing_block_is_an_error():
    with pytest.raises(ValueError, match="0 blocks of the name 'harder'"):
        with_block("nothing", "harder", ["x"])
