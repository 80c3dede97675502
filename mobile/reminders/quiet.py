"""Quiet hours: from one minute of the day to another, by the wall clock where the person is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta, tzinfo

from mobile.reminders.local_time import MINUTES_OF_A_DAY, instant_of, local, minute_of

_DAYS_TO_LOOK = 4
"""No zone's clocks leave out the same minute on so many days in a row."""


@dataclass(frozen=True)
class QuietHours:
    """Quiet from `from_minute` to before `to_minute`, over midnight where it's the smaller one.

    Equal ends mean that it's never quiet.
    """

    from_minute: int
    to_minute: int

    def cover(self, at_ms: int, zone: tzinfo) -> bool:
        """Whether it's quiet at an instant."""
        since = (minute_of(at_ms, zone) - self.from_minute) % MINUTES_OF_A_DAY
        return since < (self.to_minute - self.from_minute) % MINUTES_OF_A_DAY

    def after(self, at_ms: int, zone: tzinfo) -> int:
        """Return the instant, or the first one after it at which it's no longer quiet."""
        if not self.cover(at_ms, zone):
            return at_ms
        today = local(at_ms, zone).date()
        for days in range(_DAYS_TO_LOOK):
            end_ms = self._end(at_ms, zone, days)
            if end_ms is not None:
                return end_ms
        raise AssertionError(f"quiet hours never end after {today} in {zone}")

    def _end(self, at_ms: int, zone: tzinfo, days: int) -> int | None:
        """Return when quiet ends on the n-th day from an instant, if it ends on that day.

        A minute that the clocks show twice ends it twice.
        """
        day = local(at_ms, zone).date() + timedelta(days=days)
        first_ms = instant_of(day, self.to_minute, zone)
        twice = local(first_ms, zone).replace(fold=1).timestamp()
        for end_ms in (first_ms, int(twice) * 1000):
            if end_ms > at_ms and not self.cover(end_ms, zone):
                return end_ms
        return None
