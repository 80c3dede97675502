"""Times, lengths and counts in words. Times say the day; months and days are spelled out.

Each pattern is a text of the catalogue, so that a language has its own order and its own marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from mobile.language import _, changed, mark, n_, p_, told

_DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
_MINUTE_MS = 60_000
_WEEK_DAYS = 7


@dataclass(frozen=True)
class Now:
    """The instant at which a view is made, and the person's time zone."""

    wall_ms: int
    zone: tzinfo

    def local(self, wall_ms: int) -> datetime:
        """Return an instant in the person's time zone."""
        return datetime.fromtimestamp(wall_ms / 1000, tz=self.zone)

    @property
    def here(self) -> datetime:
        """Now, in the person's time zone."""
        return self.local(self.wall_ms)


def greeting(now: Now) -> str:
    """Return the greeting for the hour."""
    if now.here.hour < 12:
        return _("Good morning")
    return _("Good afternoon") if now.here.hour < 18 else _("Good evening")


def weekday(at: datetime) -> str:
    """Return the name of a day of the week."""
    return told(_DAYS[at.weekday()])


def month(number: int) -> str:
    """Return the name of a month, from 1 to 12."""
    names = (
        p_("month", "January"),
        p_("month", "February"),
        p_("month", "March"),
        p_("month", "April"),
        p_("month", "May"),
        p_("month", "June"),
        p_("month", "July"),
        p_("month", "August"),
        p_("month", "September"),
        p_("month", "October"),
        p_("month", "November"),
        p_("month", "December"),
    )
    return names[number - 1]


def day(now: Now, wall_ms: int) -> str:
    """Return the day of an instant: ``today``, ``tomorrow``, ``Friday``, ``Friday 4 December``."""
    at = now.local(wall_ms)
    distance = (at.date() - now.here.date()).days
    near = {-1: _("yesterday"), 0: _("today"), 1: _("tomorrow")}.get(distance)
    if near is not None:
        return near
    if abs(distance) < _WEEK_DAYS:
        return weekday(at)
    return p_("date", "{weekday} {day} {month}").format(
        weekday=weekday(at), day=at.day, month=month(at.month)
    )


def day_and_time(now: Now, wall_ms: int) -> str:
    """Return day and time: ``today 18:02``."""
    return p_("day and time", "{day} {time}").format(
        day=day(now, wall_ms), time=clock_time(now, wall_ms)
    )


def from_day_and_time(now: Now, wall_ms: int) -> str:
    """Return when something opens, never too early: ``Tomorrow, from 15:31``."""
    return first_capital(from_then(now, wall_ms))


def from_then(now: Now, wall_ms: int) -> str:
    """Return the same within a sentence: ``tomorrow, from 15:31``."""
    whole_minute_ms = -(-wall_ms // _MINUTE_MS) * _MINUTE_MS
    return _("{day}, from {time}").format(
        day=day(now, whole_minute_ms), time=clock_time(now, whole_minute_ms)
    )


def clock_time(now: Now, wall_ms: int) -> str:
    """Return the time of an instant: ``18:02``."""
    at = now.local(wall_ms)
    return p_("time", "{hour:02d}:{minute:02d}").format(hour=at.hour, minute=at.minute)


def clock_time_with_seconds(now: Now, wall_ms: int) -> str:
    """Return the time of an instant to the second: ``19:29:04``."""
    at = now.local(wall_ms)
    return p_("time", "{hour:02d}:{minute:02d}:{second:02d}").format(
        hour=at.hour, minute=at.minute, second=at.second
    )


def distance(milliseconds: int) -> str:
    """Return a length of time in hours and minutes, rounded up: ``19 hours 12 minutes``."""
    all_minutes = -(-max(milliseconds, 0) // _MINUTE_MS)
    whole, rest = divmod(all_minutes, 60)
    if not whole:
        return minutes(rest)
    if not rest:
        return hours(whole)
    return p_("length of time", "{hours} {minutes}").format(
        hours=hours(whole), minutes=minutes(rest)
    )


def about_minutes(milliseconds: int) -> str:
    """Return a length of time in whole minutes: ``about 3 minutes``."""
    return _("about {minutes}").format(minutes=minutes(max(1, round(milliseconds / _MINUTE_MS))))


def left(milliseconds: int) -> str:
    """Return time left as minutes and seconds: ``2:14``."""
    seconds = -(-max(milliseconds, 0) // 1000)
    return p_("minutes and seconds left", "{minutes}:{seconds:02d}").format(
        minutes=seconds // 60, seconds=seconds % 60
    )


def time_left(seconds: int) -> str:
    """Return how long something waits, in words: ``Time left: 1:44``."""
    return _("Time left: {time}").format(time=left(seconds * 1000))


def hours(number: float) -> str:
    """Return a number of hours: ``1 hour``, ``20 hours``, ``0.5 hours``."""
    return n_("{count:g} hour", "{count:g} hours", plural(number)).format(count=number)


def minutes(number: int) -> str:
    """Return a number of minutes: ``1 minute``, ``12 minutes``."""
    return n_("{count} minute", "{count} minutes", number).format(count=number)


def hours_of(seconds: int) -> str:
    """Return a length of whole or half hours: ``20 hours``."""
    return hours(timedelta(seconds=seconds) / timedelta(hours=1))


def plural(number: float) -> int:
    """Return the whole number whose form a number takes: a half is said as several are."""
    return int(number) if number == int(number) else 0


def first_capital(words: str) -> str:
    """Return the words as the beginning of a sentence."""
    return changed(words, lambda text: text[:1].upper() + text[1:])
