"""Which days a timeline shows: two weeks, a course or a year, and the ways to earlier and later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

YEAR_DAYS = 366
COURSE_DAYS_MIN = 28


class Span(StrEnum):
    """How much is shown; the value is the address's word."""

    FORTNIGHT = "fortnight"
    COURSE = "course"
    YEAR = "year"


LENGTHS = {Span.FORTNIGHT: 14, Span.YEAR: YEAR_DAYS}


@dataclass(frozen=True)
class Window:
    """Days from ``first`` to ``last``, both shown; at most a year, however long the treatment."""

    span: Span
    first: date
    last: date
    today: date

    @property
    def days(self) -> int:
        """How many days are shown."""
        return (self.last - self.first).days + 1

    def has(self, day: date) -> bool:
        """Whether a day is shown."""
        return self.first <= day <= self.last

    def place(self, day: date | int) -> int:
        """How many days after the first a day, or its ordinal, lies."""
        ordinal = day if isinstance(day, int) else day.toordinal()
        return ordinal - self.first.toordinal()

    @property
    def earlier(self) -> date:
        """The last day of the window before this one."""
        return self.first - timedelta(days=1)

    @property
    def later(self) -> date | None:
        """The last day of the window after this one; None where this one has today."""
        if self.last >= self.today:
            return None
        return min(self.today, self.last + timedelta(days=self.days))


def window_of(span: str, until: str, *, today: date, course_first: date) -> Window:
    """Return the window that an address asks for; what it can't mean is the course up to today.

    A course that has just begun is shown with the days that come, so that its bars have room.
    """
    asked = Span(span) if span in set(Span) else Span.COURSE
    last = min(_day(until) or today, today)
    if asked is not Span.COURSE:
        return Window(asked, last - timedelta(days=LENGTHS[asked] - 1), last, today)
    length = min(max((today - course_first).days + 1, COURSE_DAYS_MIN), YEAR_DAYS)
    if last < today:
        return Window(asked, last - timedelta(days=length - 1), last, today)
    first = max(course_first, today - timedelta(days=YEAR_DAYS - 1))
    return Window(asked, first, max(today, first + timedelta(days=COURSE_DAYS_MIN - 1)), today)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year > 1970 else None
