"""The rota as pure functions over weekly turns: who is on call, and where nobody is."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from cloud.language import _, mark, told

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
DAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)


@dataclass(frozen=True)
class Turn:
    """Minutes of the local week from Monday 0:00; an end at or before the start wraps around."""

    level: int
    staff_id: bytes
    from_minute: int
    to_minute: int

    def holds(self, minute: int) -> bool:
        """Return whether this minute of the week is in the turn."""
        length = (self.to_minute - self.from_minute - 1) % WEEK_MINUTES + 1
        return (minute - self.from_minute) % WEEK_MINUTES < length


@dataclass(frozen=True)
class Gap:
    """A stretch of the week in which nobody is on call."""

    from_minute: int
    to_minute: int

    @property
    def words(self) -> str:
        """The stretch in words."""
        return _("{begin} to {end}").format(
            begin=said(self.from_minute), end=said(self.to_minute % WEEK_MINUTES)
        )


def on_call(turns: Sequence[Turn], level: int, minute: int) -> tuple[bytes, ...]:
    """Return who is on call at a level in a minute of the week, each once."""
    found = (turn.staff_id for turn in turns if turn.level == level and turn.holds(minute))
    return tuple(dict.fromkeys(found))


def gaps(turns: Sequence[Turn], level: int) -> tuple[Gap, ...]:
    """Return where nobody is on call at a level, in the order of the week."""
    edges = sorted(
        {0, WEEK_MINUTES}
        | {turn.from_minute for turn in turns if turn.level == level}
        | {turn.to_minute for turn in turns if turn.level == level}
    )
    found: list[Gap] = []
    for start, end in itertools.pairwise(edges):
        if on_call(turns, level, start):
            continue
        if found and found[-1].to_minute == start:
            found[-1] = Gap(found[-1].from_minute, end)
        else:
            found.append(Gap(start, end))
    return tuple(found)


def said(minute: int) -> str:
    """Return a minute of the week in words."""
    day, of_day = divmod(minute, DAY_MINUTES)
    return f"{told(DAYS[day])} {of_day // 60}:{of_day % 60:02}"
