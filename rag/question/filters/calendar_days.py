"""Days of the calendar that a rule can name: ends of months, months back, Easter."""

from __future__ import annotations

from datetime import date, timedelta


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def months_before(today: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    index = today.year * 12 + today.month - 1 - months
    year, month = divmod(index, 12)
    return min(date(year, month + 1, 1) + timedelta(days=today.day - 1), month_end(year, month + 1))


def easter(year: int) -> date:
    """Easter Sunday. Source: Meeus 1991, "Astronomical Algorithms" (the Gregorian computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)
