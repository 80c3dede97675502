"""Facts and settings to reminders: which ring, and when.

What is due once is reminded of at the person's hour on the day, not before it's due and not in
quiet hours; on the two days after it, then once a week. Nobody is nagged. Whoever plans again
before a reminder has rung gets the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from enum import StrEnum
from itertools import count, islice

from mobile.reminders.facts import Facts
from mobile.reminders.local_time import instant_of, local
from mobile.reminders.settings import ReminderSettings

AHEAD = 3
"""How many of each kind are planned ahead, for an app that isn't opened meanwhile."""
CLEARANCE_DAYS_BEFORE = (3, 1)
CHARGE_BELOW_PERCENT = 40
"""The band opens no session below 30 % (R31)."""
_DAILY, _WEEK = 3, 7


class Kind(StrEnum):
    """What a reminder is about."""

    SESSION = "session"
    CHECKIN = "checkin"
    QUESTIONS = "questions"
    CLEARANCE = "clearance"
    CHARGE = "charge"


@dataclass(frozen=True)
class Reminder:
    """Rings once, for one thing or several. A `floating` one is meant as an hour of the day."""

    at_ms: int
    kinds: tuple[Kind, ...]
    floating: bool


@dataclass(frozen=True)
class _Ring:
    at_ms: int
    floating: bool


def plan(
    facts: Facts, settings: ReminderSettings, *, now_ms: int, zone: tzinfo
) -> tuple[Reminder, ...]:
    """Return the reminders after now, in their order; several things at one instant are one."""
    planner = _Planner(facts, settings, now_ms, zone)
    rings: dict[int, list[tuple[Kind, bool]]] = {}
    for kind in Kind:
        if getattr(settings, kind):
            for ring in planner.rings(kind):
                rings.setdefault(ring.at_ms, []).append((kind, ring.floating))
    return tuple(
        Reminder(at_ms, tuple(kind for kind, _ in due), all(floating for _, floating in due))
        for at_ms, due in sorted(rings.items())
    )


class _Planner:
    def __init__(self, facts: Facts, settings: ReminderSettings, now_ms: int, zone: tzinfo) -> None:
        self._facts, self._settings = facts, settings
        self._now_ms, self._zone = now_ms, zone

    def rings(self, kind: Kind) -> Iterable[_Ring]:
        facts = self._facts
        match kind:
            case Kind.SESSION:
                return self._before(facts.session_ends_ms, self._since(facts.session_opens_ms))
            case Kind.CHECKIN:
                return self._since(facts.checkin_due_ms)
            case Kind.QUESTIONS:
                return self._once(facts.questions_again_ms)
            case Kind.CLEARANCE:
                return self._before(facts.clearance_ends_ms, self._days_before_clearance_ends())
            case Kind.CHARGE:
                return self._if_low(facts.battery_percent)

    def _since(self, due_ms: int | None) -> Iterable[_Ring]:
        """The next of the days on which what is due is reminded of."""
        if due_ms is None:
            return ()
        later = (ring for ring in self._days_of(due_ms) if ring.at_ms > self._now_ms)
        return islice(later, AHEAD)

    def _days_of(self, due_ms: int) -> Iterator[_Ring]:
        hour = self._hour(due_ms, 0)
        yield self._heard(hour if hour.at_ms >= due_ms else _Ring(due_ms, floating=False))
        for days in count(1):
            if days < _DAILY or (days - _DAILY + 1) % _WEEK == 0:
                yield self._heard(self._hour(due_ms, days))

    def _once(self, at_ms: int | None) -> Iterable[_Ring]:
        if at_ms is None:
            return ()
        ring = self._heard(_Ring(at_ms, floating=False))
        return (ring,) if ring.at_ms > self._now_ms else ()

    def _days_before_clearance_ends(self) -> Iterable[_Ring]:
        ends_ms = self._facts.clearance_ends_ms
        if ends_ms is None:
            return ()
        rings = (self._heard(self._hour(ends_ms, -days)) for days in CLEARANCE_DAYS_BEFORE)
        return (ring for ring in rings if ring.at_ms > self._now_ms)

    def _if_low(self, percent: int | None) -> Iterable[_Ring]:
        if percent is None or percent >= CHARGE_BELOW_PERCENT:
            return ()
        days = (self._heard(self._hour(self._now_ms, days)) for days in count(-1))
        return islice((ring for ring in days if ring.at_ms > self._now_ms), 1)

    @staticmethod
    def _before(ends_ms: int | None, rings: Iterable[_Ring]) -> Iterable[_Ring]:
        return (ring for ring in rings if ends_ms is None or ring.at_ms < ends_ms)

    def _hour(self, at_ms: int, days: int) -> _Ring:
        """The person's hour, so many days from the day of an instant."""
        day = local(at_ms, self._zone).date() + timedelta(days=days)
        return _Ring(instant_of(day, self._settings.at_minute, self._zone), floating=True)

    def _heard(self, ring: _Ring) -> _Ring:
        """The same ring, not in quiet hours: then it's their end, an hour of the day too."""
        after_ms = self._settings.quiet.after(ring.at_ms, self._zone)
        return ring if after_ms == ring.at_ms else _Ring(after_ms, floating=True)
