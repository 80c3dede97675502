"""Days of the calendar, as ordinals, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from mobile.language import _, p_
from mobile.presenters.words import Now, day, month


def day_of(now: Now, wall_ms: int) -> int:
    """Return the ordinal of an instant's day where the person is."""
    return now.local(wall_ms).date().toordinal()


def noon_ms(now: Now, ordinal: int) -> int:
    """Return noon of a day where the person is."""
    at = datetime.combine(date.fromordinal(ordinal), time(12), now.zone)
    return int(at.timestamp() * 1000)


def on_day(now: Now, ordinal: int) -> str:
    """Return a day as `words.day` says it: ``tomorrow``, ``Friday 4 December``."""
    return day(now, noon_ms(now, ordinal))


def short_date(ordinal: int) -> str:
    """Return a day for an axis: ``4.12.`` in whatever order the language has."""
    at = date.fromordinal(ordinal)
    return p_("a short date", "{day}/{month}").format(day=at.day, month=at.month)


def month_of(ordinal: int) -> str:
    """Return a day's month: ``December``."""
    return month(date.fromordinal(ordinal).month)


def month_and_year(ordinal: int) -> str:
    """Return a day's month with its year: ``December 2026``."""
    at = date.fromordinal(ordinal)
    return p_("a month and its year", "{month} {year}").format(month=month(at.month), year=at.year)


def short_weekdays() -> tuple[str, ...]:
    """Return the days of the week in one or two letters, from Monday."""
    return (
        p_("short weekday", "Mo"),
        p_("short weekday", "Tu"),
        p_("short weekday", "We"),
        p_("short weekday", "Th"),
        p_("short weekday", "Fr"),
        p_("short weekday", "Sa"),
        p_("short weekday", "Su"),
    )


def listed(words: Iterable[str]) -> str:
    """Return words with the language's comma between them: ``one, two, three``."""
    return p_("between two of several", ", ").join(words)


def several(words: list[str]) -> str:
    """Return words beside each other: ``one``, ``one and two``, ``one, two and three``."""
    if len(words) < 2:
        return words[0] if words else ""
    return _("{first} and {last}").format(first=listed(words[:-1]), last=words[-1])
