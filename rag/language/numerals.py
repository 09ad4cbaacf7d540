"""Numbers out of text, bounded: what a stranger writes may be longer than a number can be.

Python refuses an `int` of more than 4,300 digits, makes a `float` of 400 digits infinite, and what
is computed from that overflows; "\u00b2" is a digit that is no number.
"""

from __future__ import annotations

LONGEST = 40
"""Signs. What is longer is an identifier or an attack, and compared as a word if at all."""
LARGEST = 1e30
"""Nothing that papers count, measure or pay comes near it."""


def whole(text: str, *, least: int = 0, most: int) -> int | None:
    """The whole number that `text` writes in decimal digits; None: it is none, or out of bounds."""
    if len(text) > LONGEST or not text.isdecimal():
        return None
    value = int(text)
    return value if least <= value <= most else None


def real(text: str) -> float | None:
    """The number that `text` writes with or without a point; None: it is none, or beyond bounds."""
    if len(text) > LONGEST:
        return None
    try:
        return bounded(float(text))
    except ValueError:
        return None


def bounded(value: int | float) -> int | float | None:
    """`value`, None where it is not finite or beyond `LARGEST`."""
    return value if abs(value) <= LARGEST else None  # nan is below nothing
