"""Tagged dates as bounds, in every form that people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.question.filters.calendar_days import easter
from rag.question.filters.dates import bounds

TODAY = date(2025, 6, 18)  # a Wednesday


def read(*phrases: str, today: date = TODAY) -> str:
    """Bounds as "first..last", years where years are meant."""
    found = bounds(phrases, today)
    if found is None:
        return ""
    shown = (lambda day: str(day.year)) if found.whole_years else date.isoformat
    first = shown(found.first) if found.first else ""
    last = shown(found.last) if found.last else ""
    return first if first == last else f"{first}..{last}"


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("2021", "2021"),
        ("in 2021", "2021"),
        ("since 2021", "2021.."),
        ("from 2021 on", "2021.."),
        ("2021 or later", "2021.."),
        ("2021+", "2021.."),
        ("2021-", "2021.."),
        (">=2021", "2021.."),
        (">2021", "2022.."),
        ("after 2021", "2022.."),
        ("post-2021", "2022.."),
        ("newer than 2021", "2022.."),
        ("no older than 2021", "2021.."),
        ("nothing before 2021", "2021.."),
        ("not before 2021", "2021.."),
        ("before 2021", "..2020"),
        ("b4 2021", "..2020"),
        ("pre-2021", "..2020"),
        ("older than 2021", "..2020"),
        ("up to 2021", "..2021"),
        ("until 2021", "..2021"),
        ("no later than 2021", "..2021"),
        ("by end of 2021", "..2021"),
        ("2011-2014", "2011..2014"),
        ("2011 to 2014", "2011..2014"),
        ("between 2014 and 2011", "2011..2014"),
        ("2011..2014", "2011..2014"),
        ("2011/12", "2011..2012"),
        ("'19-'21", "2019..2021"),
        ("2019 or 2020", "2019..2020"),
        ("2016<=year<2019", "2016..2018"),
        ("2018 till now", "2018.."),
        ("the nineties", "1990..1999"),
        ("nineteen-sixties", "1960..1969"),
        ("the 80s", "1980..1989"),
        ("2000s", "2000..2009"),
        ("since the 1970s", "1970.."),
        ("twenty twenty-two", "2022"),
        ("after two thousand and nine", "2010.."),
        ("this year", "2025"),
        ("last year", "2024"),
        ("this year or last", "2024..2025"),
        ("before this year", "..2024"),
        ("3 years ago", "2022"),
        ("this century", "2000.."),
        ("first half of the twentieth century", "1901..1950"),
        ("since the pandemic", "2020.."),
        ("before covid", "..2019"),
        ("past two years", "2023-06-18.."),
        ("the last 18 months", "2023-12-18.."),
        ("the last year and a half", "2023-12-18.."),
        ("the past year", "2024-06-18.."),
        ("not older than 3 months", "2025-03-18.."),
        ("older than ten years", "..2015-06-18"),
        ("past 10 days", "2025-06-08.."),
        ("the past fortnight", "2025-06-04.."),
        ("this month", "2025-06-01..2025-06-30"),
        ("last month", "2025-05-01..2025-05-31"),
        ("last week", "2025-06-09..2025-06-15"),
        ("last quarter", "2025-01-01..2025-03-31"),
        ("yesterday", "2025-06-17"),
        ("since Monday", "2025-06-16.."),
        ("Q3 2023", "2023-07-01..2023-09-30"),
        ("second half of last year", "2024-07-01..2024-12-31"),
        ("H1 2022", "2022-01-01..2022-06-30"),
        ("spring 2024", "2024-03-01..2024-05-31"),
        ("winter 2023", "2023-12-01..2024-02-29"),
        ("since last autumn", "2024-09-01.."),
        ("March 2024", "2024-03-01..2024-03-31"),
        ("feb '24", "2024-02-01..2024-02-29"),
        ("since May", "2025-05-01.."),
        ("after May 2024", "2024-06-01.."),
        ("since december", "2024-12-01.."),
        ("May to July 2024", "2024-05-01..2024-07-31"),
        ("between november and february 2024", "2023-11-01..2024-02-29"),
        ("before 1 June 2024", "..2024-05-31"),
        ("on the 3rd of March 2024", "2024-03-03"),
        ("14/3/2024", "2024-03-14"),
        ("2024-03-14 to 2024-04", "2024-03-14..2024-04-30"),
        ("from 2022 to mid 2024", "2022-01-01..2024-06-30"),
        ("since easter", "2025-04-20.."),
        ("before last christmas", "..2024-12-24"),
        ("newer", ""),
        ("31 April 2024", "2024-04-01..2024-04-30"),
    ],
)
def test_dates_are_bounds(phrase, wanted):
    assert read(phrase) == wanted


def test_several_dates_are_joined_where_they_stand_alone_and_narrow_where_they_bound():
    assert read("2019", "2021") == "2019..2021"
    assert read("since 2019", "before 2022") == "2019..2021"
    assert read("before the war", "up to 2020") == "..2020"


@pytest.mark.parametrize(("year", "day"), [(2024, (3, 31)), (2025, (4, 20)), (2038, (4, 25))])
def test_easter_is_where_the_calendar_has_it(year, day):
    assert easter(year) == date(year, *day)


@given(st.text(max_size=60), st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_any_phrase_has_bounds_in_order_or_none(phrase, today):
    found = bounds([phrase], today)
    if found is not None and found.first and found.last and found.whole_years:
        assert isinstance(found.first.year, int)


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(1, 40))
def test_a_length_of_time_ends_today_and_begins_no_later(today, months):
    found = bounds([f"the last {months} months"], today)
    assert found is not None
    assert found.last is None
    assert found.first <= today
    assert (today - found.first).days in range(28 * months, 32 * months)
