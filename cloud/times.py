"""How pages say times: the day is always said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cloud.clock import instant
from cloud.errors import SetupError
from cloud.language import _, day, n_, p_, zone

TYPED = "%Y-%m-%dT%H:%M"
"""A local date and time as HTML's input of this type has it."""
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

    def minute_of_week(self, wall_ms: int) -> int:
        """Return the minute of the local week, from Monday 0:00 on."""
        at = self.local(wall_ms)
        return (at.weekday() * 24 + at.hour) * 60 + at.minute

    def begins(self, day: date) -> int:
        """Return when a local day begins, Unix milliseconds."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self._zone)
        return int(midnight.timestamp() * 1000)

    def clock(self, wall_ms: int) -> str:
        """Return hours, minutes and seconds, with the zone."""
        at = self.local(wall_ms)
        return f"{at:%H:%M:%S} {zone(at)}"

    def zone(self, wall_ms: int) -> str:
        """Return the zone in which times are said, as short as its language says it."""
        return zone(self.local(wall_ms))

    def typed(self, text: str) -> int:
        """Return what a form's local date and time is, Unix milliseconds; raise ValueError for
        none. An hour that comes twice is its first."""
        at = datetime.strptime(text, TYPED).replace(tzinfo=self._zone)
        return int(at.timestamp() * 1000)

    def to_type(self, wall_ms: int) -> str:
        """Return the local date and time as a form's input has it."""
        return self.local(wall_ms).strftime(TYPED)

    def said(self, wall_ms: int, now_ms: int) -> str:
        """Return the time with its day: today, yesterday, tomorrow or a date.

        Pages say their zone once; a time of another offset, in summer say, has its own.
        """
        at, now = self.local(wall_ms), self.local(now_ms)
        said = p_("day and time", "{day} {time}").format(
            day=self.day_said(at.date(), now.date()), time=f"{at:%H:%M}"
        )
        return said if at.utcoffset() == now.utcoffset() else f"{said} {zone(at)}"

    def day_said(self, when: date, today: date) -> str:
        """Return a day in words."""
        away = (when - today) // timedelta(days=1)
        if away == 0:
            return _("today")
        if abs(away) == 1:
            return _("tomorrow") if away == 1 else _("yesterday")
        return day(when)


def ago(past_ms: int, now_ms: int) -> str:
    """Return how long ago, in one unit."""
    seconds = max(0, now_ms - past_ms) // 1000
    if seconds >= 86_400:
        days = seconds // 86_400
        return n_("{count} day ago", "{count} days ago", days).format(count=days)
    if seconds >= 3_600:
        return _("{count} h ago").format(count=seconds // 3_600)
    if seconds >= 60:
        return _("{count} min ago").format(count=seconds // 60)
    return _("just now")


def begun(text: str) -> str:
    """Return a text as a sentence begins; the rest of it stays as its language writes it."""
    return text[:1].upper() + text[1:]
