"""Who is away and who is on call now, in words for the pages that show who works here.

It is for reading alone; whom an alert goes to is `cloud.leave.routing`'s matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.language import _
from cloud.leave.models import Leave
from cloud.leave.routing import treating_members, with_stand_ins
from cloud.leave.service import not_over
from cloud.oncall.ladder import FIRST, SECOND
from cloud.oncall.rota import on_call
from cloud.oncall.service import rota_of
from cloud.people.models import Member
from cloud.times import Times

AWAY, ON_CALL, TO_COME = "held", "course", ""
"""How a sign's word is coloured; what is to come has none."""


@dataclass(frozen=True)
class Sign:
    """What is so with a member: a word, and what is more to say of it."""

    tone: str
    word: str
    more: str


class Presence:
    """The clinic's leaves and its rota at one instant."""

    def __init__(self, session: Session, clinic_id: str, times: Times, *, now_ms: int) -> None:
        self._session, self._clinic_id = session, clinic_id
        self._times, self._now_ms = times, now_ms
        members = session.scalars(select(Member).where(Member.clinic_id == clinic_id))
        self._names = {each.staff_id: each.name for each in members}

    def signs(self) -> Mapping[bytes, tuple[Sign, ...]]:
        """Return what is so with each member of whom anything is: away first, then on call."""
        found: defaultdict[bytes, list[Sign]] = defaultdict(list)
        for leave in not_over(self._session, self._clinic_id, now_ms=self._now_ms):
            found[leave.staff_id].append(self._away(leave))
        for level in (FIRST, SECOND):
            for staff_id, instead in self._on_call(level):
                found[staff_id].append(_called(level, instead))
        return {staff_id: tuple(signs) for staff_id, signs in found.items()}

    def called(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names of who is first and who is second on call now."""
        first, second = (self._on_call(level) for level in (FIRST, SECOND))
        return self._named(first), self._named(second)

    def _named(self, called: Sequence[tuple[bytes, str]]) -> tuple[str, ...]:
        return tuple(sorted({self._names[staff_id] for staff_id, _instead in called}))

    def _on_call(self, level: int) -> tuple[tuple[bytes, str], ...]:
        """Who is called at a level now, each with the name of whom they stand in for.

        Who treats no more is told of no patient, and counts as on call no more.
        """
        treating = treating_members(self._session, self._clinic_id)
        turns = rota_of(self._session, self._clinic_id)
        found = []
        for member in on_call(turns, level, self._times.minute_of_week(self._now_ms)):
            told = with_stand_ins(self._session, self._clinic_id, (member,), now_ms=self._now_ms)
            found += [
                (each, "" if each == member else self._names[member])
                for each in told
                if each in treating
            ]
        return tuple(found)

    def _away(self, leave: Leave) -> Sign:
        until = self._day(leave.until_ms - 1)
        if leave.accepted_ms is None:
            stand_in = _("{name} is asked to stand in").format(name=self._names[leave.stand_in_id])
        else:
            stand_in = _("{name} stands in").format(name=self._names[leave.stand_in_id])
        if leave.from_ms <= self._now_ms:
            said = _("to {last}: {stand_in}").format(last=until, stand_in=stand_in)
            return Sign(AWAY, _("On leave"), said)
        said = _("{first} to {last}: {stand_in}").format(
            first=self._day(leave.from_ms), last=until, stand_in=stand_in
        )
        return Sign(TO_COME, _("Leave planned"), said)

    def _day(self, at_ms: int) -> str:
        return self._times.day_said(self._times.day(at_ms), self._times.day(self._now_ms))


def _called(level: int, instead: str) -> Sign:
    word = _("First on call") if level == FIRST else _("Second on call")
    return Sign(ON_CALL, word, _("for {name}").format(name=instead) if instead else "")
