"""Hours of the day and instants, over days of 23 and 25 hours and days that a zone leaves out.

An instant is Unix milliseconds; a minute of the day is counted on the wall clock, from midnight.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

MINUTES_OF_A_DAY = 24 * 60
_SECOND = timedelta(seconds=1)


def local(at_ms: int, zone: tzinfo) -> datetime:
    """Return an instant on the wall clock of a zone."""
    return datetime.fromtimestamp(at_ms / 1000, tz=zone)


def minute_of(at_ms: int, zone: tzinfo) -> int:
    """Return the minute of the day at an instant."""
    here = local(at_ms, zone)
    return here.hour * 60 + here.minute


def instant_of(day: date, minute: int, zone: tzinfo) -> int:
    """Return the first instant at which it's that minute of that day.

    A minute that the clocks leave out is the instant at which they went on; of one that they show
    twice it's the first.
    """
    wanted = datetime.combine(day, time(minute // 60, minute % 60))
    sooner, later = (_utc(wanted.replace(fold=fold), zone) for fold in (1, 0))
    if sooner >= later:
        return _ms(later)
    return _ms(_change_between(sooner, later, zone))


def _change_between(sooner: datetime, later: datetime, zone: tzinfo) -> datetime:
    """Return the instant between two at which the clocks went on, to the second."""
    before = sooner.astimezone(zone).utcoffset()
    while later - sooner > _SECOND:
        middle = sooner + (later - sooner) // 2
        if middle.astimezone(zone).utcoffset() == before:
            sooner = middle
        else:
            later = middle
    return later.replace(microsecond=0)


def _utc(wall: datetime, zone: tzinfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000
