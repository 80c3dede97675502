"""How pages say times: the day is always said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloud.clock import instant
from cloud.errors import SetupError

LATEST_MS = 253_402_214_400_000
"""The beginning of the last day that a date can say, 9999-12-31, in UTC."""


class Times:
    """Times of one zone."""

    def __init__(self, zone: str) -> None:
        try:
            self._zone = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as problem:
            raise SetupError(f"CIRCLET_CLOUD_TIME_ZONE: there is no {zone!r}") from problem

    def local(self, wall_ms: int) -> datetime:
        """Return the local date and time; a time that no calendar has is its last day."""
        return instant(min(wall_ms, LATEST_MS)).astimezone(self._zone)

    def day(self, wall_ms: int) -> date:
        """Return the local date."""
        return self.local(wall_ms).date()

    def begins(self, day: date) -> int:
        """Return when a local day begins, Unix milliseconds."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return int(midnight.timestamp() * 1000)

    def clock(self, wall_ms: int) -> str:
        """Return hours, minutes and seconds."""
        return f"{self.local(wall_ms):%H:%M:%S}"

    def said(self, wall_ms: int, now_ms: int) -> str:
        """Return the time with its day: today, yesterday, tomorrow or a date."""
        at = self.local(wall_ms)
        return f"{self.day_said(at.date(), self.day(now_ms))} {at:%H:%M}"

    def day_said(self, day: date, today: date) -> str:
        """Return a day in words."""
        names = {0: "today", -1: "yesterday", 1: "tomorrow"}
        near = names.get((day - today) // timedelta(days=1))
        if near:
            return near
        year = f" {day.year}" if day.year != today.year else ""
        return f"{day:%a} {day.day} {day:%b}{year}"


def ago(past_ms: int, now_ms: int) -> str:
    """Return how long ago, in one unit."""
    seconds = max(0, now_ms - past_ms) // 1000
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds // length} {unit} ago"
    return "just now"
