"""Numbers: what they are worth, whether two are the same, what an enumeration counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.support.quantities import listed_counts, opposite_bounds, quantities, same_quantity


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("93%, 93 percent and 93 \\%", [(93.0, "percent")] * 3),
        ("1,317 of 12,000", [(1317.0, "plain"), (12000.0, "plain")]),
        ("1.5B and 1.5 billion, 35K", [(1.5e9, "plain")] * 2 + [(35e3, "plain")]),
        ("thirty-two, two hundred, twelve", [(32.0, "plain"), (200.0, "plain"), (12.0, "plain")]),
        ("half of it", [(50.0, "percent")]),
        ("3x, three times, 3-fold", [(3.0, "times")] * 3),
        (
            "5-40% in 2 to 4 times",
            [(5.0, "percent"), (40.0, "percent"), (2.0, "times"), (4.0, "times")],
        ),
        ("1.34-1.08", [(1.34, "plain"), (1.08, "plain")]),
        ("512x512 pixels", [(512.0, "plain"), (512.0, "plain")]),
        ("an order of magnitude", [(10.0, "times")]),
        ("GPT-4, T42, 3D and VQ2", []),
        ("one of them, a single one", []),
    ],
)
def test_reading(text, values):
    assert [(number.value, number.unit) for number in quantities(text)] == values


@pytest.mark.parametrize(
    ("stated", "known", "same"),
    [
        ("36", "36.0", True),
        ("36.0%", "36%", True),
        ("41.4", "41.37", True),
        ("41.3", "41.37", False),
        ("5", "4.9", False),
        ("36%", "0.36", True),
        ("half", "50%", True),
        ("thirty", "30", True),
        ("1.5B", "1,500,000,000", True),
        ("3x", "3%", False),
        ("12", "21", False),
    ],
)
def test_sameness(stated, known, same):
    assert same_quantity(quantities(stated)[0], quantities(known)[0]) is same


def test_bounds():
    over, under = quantities("over 30%")[0], quantities("less than 30%")[0]
    assert (over.bound, under.bound) == ("above", "below")
    assert opposite_bounds(over, under) and not opposite_bounds(over, over)
    assert quantities("up to 30%")[0].bound == "most"
    assert quantities("10+ points")[0].bound == "above"


def test_counting_enumerations():
    assert 3 in listed_counts("planning, memory, and action")
    assert 2 in listed_counts("rivers and lakes")
    assert 2 in listed_counts("(1) rivers; (2) lakes")
    assert 4 not in listed_counts("planning, memory, and action")


@given(st.integers(2, 10**7))
def test_a_number_is_itself_however_written(value):
    plain, grouped = quantities(f"{value} gauges"), quantities(f"{value:,} gauges")
    assert [n.value for n in plain] == [n.value for n in grouped] == [value]
    assert same_quantity(plain[0], grouped[0])


@given(st.text(max_size=200))
def test_positions_are_inside_the_text(text):
    for number in quantities(text):
        assert 0 <= number.start < number.end <= len(text)
