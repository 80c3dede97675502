"""The days of a report, as they were asked for: both belong to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cloud.language import Phrase, mark
from cloud.reports.errors import BadPeriod

EARLIEST = date(2000, 1, 1)
"""Before any band was (own figure): a day before it is a slip of the pen."""
SHOWN_MAX = 20
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FIRST, _LAST = mark("First day"), mark("Last day")


@dataclass(frozen=True)
class Period:
    """From one day to another."""

    first: date
    last: date

    @property
    def ordinals(self) -> tuple[int, int]:
        """Both days as the database counts them."""
        return self.first.toordinal(), self.last.toordinal()

    def has(self, day: date) -> bool:
        """Whether a day belongs to it."""
        return self.first <= day <= self.last


def read_period(first: str, last: str, whole: Period, *, today: date) -> Period:
    """Return the period that was typed; a day left out is that of the ``whole`` course.

    Raise BadPeriod for what is no day, lies before 2000 or in the future, or ends before it begins.
    """
    from_day = _day("first", Phrase(_FIRST), first, whole.first, today)
    to_day = _day("last", Phrase(_LAST), last, whole.last, today)
    if from_day > to_day:
        sentence = mark("{which}: {day} is after the last day, {last}.")
        raise BadPeriod("first", sentence, which=Phrase(_FIRST), day=from_day, last=to_day)
    return Period(from_day, to_day)


def _day(name: str, field: Phrase, typed: str, otherwise: date, today: date) -> date:
    if not typed:
        return otherwise
    try:
        found = date.fromisoformat(typed) if _DAY.fullmatch(typed) else None
    except ValueError:
        found = None
    if found is None:
        sentence = mark("{which}: “{typed}” is no day such as 2026-03-02.")
        raise BadPeriod(name, sentence, which=field, typed=typed[:SHOWN_MAX])
    if not EARLIEST <= found <= today:
        sentence = mark("{which}: {day} is not between {earliest} and today, {today}.")
        raise BadPeriod(name, sentence, which=field, day=found, earliest=EARLIEST, today=today)
    return found
