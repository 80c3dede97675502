"""A course on the calendar: which days had sessions, which were missed, which are to come.

A picture for person and clinic, by the prescription's limits and phases. It permits nothing: what
may open is the lock's to say, over the band's own ledger. Days are ordinals of the person's own
calendar, and weeks are the course's, from its first day.

A session counts as missed on the last day on which its week could still have held it, and never
before: whoever pauses on a Monday and makes it good by Sunday has missed nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.dose.prescription import Prescription

WEEK_DAYS = 7
DAY_S = 86_400
LONGEST_DAYS = 1000
"""A layout that takes longer than this is given up."""


@dataclass(frozen=True)
class Given:
    """A session with pulses, with whatever was made up of it later."""

    day: int
    pulses: int
    planned_pulses: int
    completed: bool


@dataclass(frozen=True)
class CourseDay:
    """One day: what was given, how many sessions were missed on it, how many fit on it."""

    day: int
    given: tuple[Given, ...] = ()
    missed: int = 0
    planned: int = 0


@dataclass(frozen=True)
class Outlook:
    """Every day from the first to the last. ``first_end`` is where the course would have ended with
    nothing missed; ``end`` is where it ends now, None where it's given up or over; ``valid_until``
    is the last day on which the prescription holds."""

    days: tuple[CourseDay, ...]
    missed: int
    left: int
    first_end: int | None
    end: int | None
    valid_until: int

    @property
    def outlasts_the_prescription(self) -> bool:
        """Whether sessions are left that the prescription doesn't hold long enough for."""
        return self.left > 0 and (self.end is None or self.end > self.valid_until)

    @property
    def days_later(self) -> int:
        """By how many days the end has moved."""
        if self.end is None or self.first_end is None:
            return 0
        return max(0, self.end - self.first_end)


def outlook(
    prescription: Prescription, given: Sequence[Given], *, began: int, today: int, valid_until: int
) -> Outlook:
    """Return the course's days. ``began`` is its first day: of its first session, or today."""
    done = {day: tuple(one for one in given if one.day == day) for day in {g.day for g in given}}
    missed = dict(_missed(prescription, done, began=began, today=today))
    coming = list(_coming(prescription, given, began=began, today=today))
    first = list(_lay_out(prescription, began=began, start=began, counted=0, completed=0))
    last = max([today, *done, *coming, *missed])
    days = tuple(
        CourseDay(day, done.get(day, ()), missed.get(day, 0), coming.count(day))
        for day in range(began, last + 1)
    )
    left = max(0, prescription.limits.course_sessions - len(given))
    return Outlook(
        days=days,
        missed=sum(missed.values()),
        left=left,
        first_end=first[-1] if first else None,
        end=coming[-1] if len(coming) == left and coming else None,
        valid_until=valid_until,
    )


@dataclass(frozen=True)
class _Pace:
    """How many sessions a week and a day hold, and every how many days one may come."""

    a_week: int
    a_day: int
    every_days: int

    def room_in(self, days: int) -> int:
        """Return how many sessions so many days hold."""
        if self.every_days > 1:
            return -(-days // self.every_days)
        return days * self.a_day


def _pace(prescription: Prescription, completed: int) -> _Pace:
    limits, phase = prescription.limits, prescription.phase(completed)
    spacing_s = max(limits.min_interval_s, phase.min_interval_s if phase else 0)
    a_week = min(limits.sessions_per_week, phase.sessions_per_week if phase else 84)
    a_day = min(limits.sessions_per_day_window, max(1, DAY_S // max(1, spacing_s)))
    return _Pace(a_week, a_day, max(1, -(-spacing_s // DAY_S)))


def _missed(
    prescription: Prescription, done: dict[int, tuple[Given, ...]], *, began: int, today: int
) -> Iterator[tuple[int, int]]:
    counted = completed = 0
    for week in range(began, today, WEEK_DAYS):
        pace = _pace(prescription, completed)
        quota = min(pace.a_week, prescription.limits.course_sessions - counted)
        so_far = missed = 0
        for day in range(week, week + WEEK_DAYS):
            here = done.get(day, ())
            so_far += len(here)
            counted += len(here)
            completed += sum(one.completed for one in here)
            if day >= today:
                continue
            short = quota - so_far - missed - pace.room_in(week + WEEK_DAYS - 1 - day)
            if short > 0:
                missed += short
                yield day, short


def _coming(
    prescription: Prescription, given: Sequence[Given], *, began: int, today: int
) -> Iterator[int]:
    """The days of the sessions that are left, as early as they fit."""
    week = began + (today - began) // WEEK_DAYS * WEEK_DAYS
    return _lay_out(
        prescription,
        began=began,
        start=today,
        counted=len(given),
        completed=sum(one.completed for one in given),
        in_week=sum(one.day >= week for one in given),
        on_day=sum(one.day == today for one in given),
        last=max((one.day for one in given), default=None),
    )


def _lay_out(
    prescription: Prescription,
    *,
    began: int,
    start: int,
    counted: int,
    completed: int,
    in_week: int = 0,
    on_day: int = 0,
    last: int | None = None,
) -> Iterator[int]:
    left = prescription.limits.course_sessions - counted
    for day in range(start, start + LONGEST_DAYS):
        if (day - began) % WEEK_DAYS == 0 and day != start:
            in_week = 0
        if day != start:
            on_day = 0
        pace = _pace(prescription, completed)
        while left > 0 and in_week < pace.a_week and on_day < pace.a_day:
            if last is not None and pace.every_days > 1 and day - last < pace.every_days:
                break
            yield day
            left, in_week, on_day, last = left - 1, in_week + 1, on_day + 1, day
            completed += 1
            pace = _pace(prescription, completed)
        if left == 0:
            return
