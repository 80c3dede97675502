"""Times, lengths and counts in words. Times say the day; months and days are spelled out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
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
        return "Good morning"
    return "Good afternoon" if now.here.hour < 18 else "Good evening"


def day(now: Now, wall_ms: int) -> str:
    """Return the day of an instant: ``today``, ``tomorrow``, ``Friday``, ``Friday 4 December``."""
    at = now.local(wall_ms)
    distance = (at.date() - now.here.date()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(distance)
    if near is not None:
        return near
    name = _DAYS[at.weekday()]
    if abs(distance) < _WEEK_DAYS:
        return name
    return f"{name} {at.day} {_MONTHS[at.month - 1]}"


def day_and_time(now: Now, wall_ms: int) -> str:
    """Return day and time: ``today 18:02``."""
    return f"{day(now, wall_ms)} {clock_time(now, wall_ms)}"


def from_day_and_time(now: Now, wall_ms: int) -> str:
    """Return when something opens, never too early: ``Tomorrow, from 15:31``."""
    whole_minute_ms = -(-wall_ms // _MINUTE_MS) * _MINUTE_MS
    words = f"{day(now, whole_minute_ms)}, from {clock_time(now, whole_minute_ms)}"
    return words[0].upper() + words[1:]


def clock_time(now: Now, wall_ms: int) -> str:
    """Return the time of an instant: ``18:02``."""
    return now.local(wall_ms).strftime("%H:%M")


def clock_time_with_seconds(now: Now, wall_ms: int) -> str:
    """Return the time of an instant to the second: ``19:29:04``."""
    return now.local(wall_ms).strftime("%H:%M:%S")


def distance(milliseconds: int) -> str:
    """Return a length of time in hours and minutes, rounded up: ``19 hours 12 minutes``."""
    minutes = -(-max(milliseconds, 0) // _MINUTE_MS)
    hours, minutes = divmod(minutes, 60)
    parts = [count(hours, "hour")] if hours else []
    if minutes or not hours:
        parts.append(count(minutes, "minute"))
    return " ".join(parts)


def about_minutes(milliseconds: int) -> str:
    """Return a length of time in whole minutes: ``about 3 minutes``."""
    return f"about {count(max(1, round(milliseconds / _MINUTE_MS)), 'minute')}"


def left(milliseconds: int) -> str:
    """Return time left as minutes and seconds: ``2:14``."""
    seconds = -(-max(milliseconds, 0) // 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 item``, ``3 items``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def quantity(number: float) -> str:
    """Return a number without needless digits: ``2``, ``0.5``."""
    return f"{number:g}"


def hours_of(seconds: int) -> str:
    """Return a length of whole or half hours: ``20 hours``."""
    hours = timedelta(seconds=seconds) / timedelta(hours=1)
    return f"{quantity(hours)} hours" if hours != 1 else "1 hour"
