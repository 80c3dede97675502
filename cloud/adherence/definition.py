"""Sessions due, done, partial, late and missed: pure figures over the shared course outlook.

What a missed session is says `shared.dose.course_days` alone; here stands only whose calendar it
goes by. On days on which the clinic or the band kept the person from treating, the calendar stands
still: those days are taken out of it before it is laid out. docs/adherence.md has the edge cases.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from shared.dose.course_days import WEEK_DAYS, Given, outlook
from shared.dose.prescription import Prescription


@dataclass(frozen=True)
class InForce:
    """A prescription and the day, an ordinal, from whose evening on it counts."""

    from_day: int
    prescription: Prescription


@dataclass(frozen=True)
class CourseFacts:
    """What is known of one course; days are ordinals of the pages' calendar.

    ``in_force`` are its prescriptions, the oldest first. ``closed`` are days on which treating was
    kept from the person without their doing. ``ended`` is the day on which the course was ended by
    a prescription's end.
    """

    in_force: tuple[InForce, ...]
    given: tuple[Given, ...] = ()
    closed: frozenset[int] = frozenset()
    ended: int | None = None


@dataclass(frozen=True)
class Adherence:
    """Sessions of the course so far: ``due`` is the sum of the other four."""

    due: int
    done: int
    partial: int
    late: int
    missed: int


NOTHING_DUE = Adherence(0, 0, 0, 0, 0)


def adherence(facts: CourseFacts, *, today: int) -> Adherence:
    """Return what was due by the evening before ``today``, with what was given today."""
    if not facts.given or not facts.in_force:
        return NOTHING_DUE
    laid = _lay_out(facts, today)
    given, missed = laid.given, sum(laid.missed.values())
    limit = facts.in_force[-1].prescription.limits.course_sessions
    due = max(len(given), min(limit, len(given) + missed))
    partial = sum(not one.completed for one in given)
    late = sum(one.completed and one.day > laid.late_after for one in given)
    return Adherence(due, len(given) - partial - late, partial, late, due - len(given))


def missed_days(facts: CourseFacts, *, today: int) -> dict[int, int]:
    """Return how many sessions were missed on which days of the pages' calendar; together as many
    as `adherence` says."""
    left = adherence(facts, today=today).missed
    if not left:
        return {}
    laid = _lay_out(facts, today)
    found: dict[int, int] = {}
    for place, count in sorted(laid.missed.items()):
        if counted := min(count, left):
            found[laid.calendar.date_of(place)] = counted
        left -= counted
    return found


@dataclass(frozen=True)
class _LaidOut:
    """A course on its open days: what was given and missed at which of their places, and after
    which of them a session is late."""

    calendar: OpenDays
    given: tuple[Given, ...]
    missed: dict[int, int]
    late_after: int


def _lay_out(facts: CourseFacts, today: int) -> _LaidOut:
    calendar = OpenDays(facts.closed, facts.given)
    until = today if facts.ended is None else min(today, facts.ended)
    given = calendar.of_given(facts.given)
    days = [one.day for one in given]
    began, end = min(days), max(calendar.day(until), *days)
    starts = [calendar.day(each.from_day) for each in facts.in_force]
    missed, late_after = {}, end
    for index, each in enumerate(facts.in_force):
        look = outlook(each.prescription, given, began=began, today=end, valid_until=end)
        for day in look.days:
            if day.missed and _in_force(starts, day.day) == index:
                missed[day.day] = day.missed
        if look.first_end is not None:
            late_after = _week_end(began, look.first_end)
    return _LaidOut(calendar, given, missed, late_after)


def _in_force(starts: Sequence[int], day: int) -> int:
    """Which prescription a day is judged by: the newest that began by its evening."""
    return max(0, bisect.bisect_right(starts, day) - 1)


def _week_end(began: int, day: int) -> int:
    return day + WEEK_DAYS - 1 - (day - began) % WEEK_DAYS


class OpenDays:
    """The days without those that were closed: each open day's place among the open ones.

    A day on which a session was given is open, whatever closed it.
    """

    def __init__(self, closed: Collection[int], given: Sequence[Given]) -> None:
        self._closed = sorted(set(closed) - {one.day for one in given})

    def day(self, day: int) -> int:
        """The place of a day; a closed one has that of the next open day."""
        return day - bisect.bisect_left(self._closed, day)

    def date_of(self, place: int) -> int:
        """The open day that has a place."""
        day = place
        while (found := place + bisect.bisect_right(self._closed, day)) != day:
            day = found
        return day

    def of_given(self, given: Sequence[Given]) -> tuple[Given, ...]:
        """The sessions with their days' places."""
        return tuple(replace(one, day=self.day(one.day)) for one in given)
