"""Whatever an address asks for, a window of at most a year is shown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloud.timeline.window import YEAR_DAYS, Span, window_of

TODAY = date(2026, 3, 31)


@given(st.text(max_size=12), st.text(max_size=12), st.integers(0, 3000))
def test_any_address_shows_some_days_and_never_more_than_a_year(
    span: str, until: str, begun: int
) -> None:
    window = window_of(span, until, today=TODAY, course_first=TODAY - timedelta(days=begun))
    assert 1 <= window.days <= YEAR_DAYS
    assert window.first <= TODAY


@pytest.mark.parametrize("span", ["fortnight", "course", "year"])
def test_earlier_and_later_lead_there_and_back_without_a_gap(span: str) -> None:
    first = TODAY - timedelta(days=60)
    here = window_of(span, "", today=TODAY, course_first=first)
    earlier = window_of(span, here.earlier.isoformat(), today=TODAY, course_first=first)
    assert earlier.last == here.first - timedelta(days=1)
    assert earlier.later == TODAY
    assert here.later is None


@pytest.mark.parametrize("until", ["2099-01-01", "0001-01-01", "yesterday", ""])
def test_days_to_come_and_days_before_any_are_not_asked_for(until: str) -> None:
    assert window_of("year", until, today=TODAY, course_first=TODAY).last == TODAY


def test_a_course_that_just_began_has_room_for_its_first_weeks() -> None:
    window = window_of("course", "", today=TODAY, course_first=TODAY)
    assert (window.span, window.first, window.days) == (Span.COURSE, TODAY, 28)
