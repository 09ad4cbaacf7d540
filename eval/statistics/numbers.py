"""How figures are written: the same in the terminal, in Markdown and on the page."""

from __future__ import annotations

from eval.statistics.resampling import Interval

NOTHING = "-"

Table = list[list[str]]
"""Rows of cells; the first is the header."""

_DECIMALS = {"share": 3, "difference": 3, "seconds": 2, "words": 1, "tokens": 0, "MiB": 0}


def number(value: float | None, unit: str = "share") -> str:
    """A figure: "0.713" for shares, "1.25" for seconds, "-" for none."""
    if value is None:
        return NOTHING
    return f"{value:.{_DECIMALS.get(unit, 3)}f}"


def signed(value: float, unit: str = "share") -> str:
    """A difference, with its sign."""
    return f"{value:+.{_DECIMALS.get(unit, 3)}f}"


def interval(value: Interval | None, unit: str = "share") -> str:
    """A confidence interval: "[0.60, 0.81]"; empty for none."""
    if value is None:
        return ""
    decimals = min(2, _DECIMALS.get(unit, 3))
    return f"[{value.low:.{decimals}f}, {value.high:.{decimals}f}]"


def p_value(value: float) -> str:
    """A p-value, as small as it can be told."""
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
