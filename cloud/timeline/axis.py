"""Where a time lies on a window's axis, and how its day is said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from cloud.language import day, p_
from cloud.timeline.window import Window
from cloud.times import Times

MINUTES_A_DAY = 1440
DAYS_BY_DAY = 21
DAYS_BY_WEEK = 130


@dataclass(frozen=True)
class Tick:
    """A named day beneath the lanes."""

    place: int
    label: str


@dataclass(frozen=True)
class Axis:
    """A window in the pages' time zone."""

    window: Window
    times: Times

    def at(self, wall_ms: int) -> float:
        """Days from the window's first midnight to a time, by the local clock."""
        local = self.times.local(wall_ms)
        minutes = local.hour * 60 + local.minute
        return round(self.window.place(local.date()) + minutes / MINUTES_A_DAY, 3)

    def place(self, wall_ms: int) -> int:
        """Which of the window's days a time is on."""
        return self.window.place(self.times.day(wall_ms))

    def day(self, place: int) -> str:
        """A day in words."""
        return day(self.window.first + timedelta(days=place))

    def when(self, wall_ms: int) -> str:
        """Day and time in words."""
        local = self.times.local(wall_ms)
        return p_("day and time", "{day} {time}").format(
            day=day(local.date()), time=f"{local:%H:%M}"
        )

    def ticks(self) -> tuple[Tick, ...]:
        """Days of two weeks, weeks of a course, months of a year."""
        days = [self.window.first + timedelta(days=n) for n in range(self.window.days)]
        if len(days) > DAYS_BY_WEEK:
            shown = [each for each in days if each.day == 1]
            pattern = p_("pattern of a month on an axis", "MMM y")
        else:
            every = 2 if len(days) <= DAYS_BY_DAY else 7 * (1 + len(days) // 71)
            shown = days[::every]
            pattern = p_("pattern of a day on an axis", "EEE d MMM")
        return tuple(Tick(self.window.place(each), day(each, pattern)) for each in shown)
