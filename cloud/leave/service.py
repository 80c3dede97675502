"""Planning leave, accepting a hand-over, and who stands in for whom now.

Until the stand-in has accepted, both are told. The return is a date: nobody has to switch it back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.leave.models import Leave
from cloud.people.authority import Act, reach
from cloud.people.models import Member
from cloud.people.service import roles_of

LEAVE_MS_MAX = 366 * 86_400_000


@dataclass(frozen=True)
class Plan:
    """Who is away, from when until before when, and who stands in."""

    staff_id: bytes
    stand_in_id: bytes
    from_ms: int
    until_ms: int


def plan(session: Session, clinic_id: str, asked: Plan, *, now_ms: int) -> Leave:
    """Note a leave; it is handed over once the stand-in accepts."""
    if asked.staff_id == asked.stand_in_id:
        raise Refused("Somebody else stands in.", code="stand_in")
    if not asked.from_ms < asked.until_ms <= asked.from_ms + LEAVE_MS_MAX:
        raise Refused("The last day is the first or later, within a year.", code="until")
    if asked.until_ms <= now_ms:
        raise Refused("This leave is over already.", code="until")
    _treating(session, clinic_id, asked.staff_id)
    _treating(session, clinic_id, asked.stand_in_id)
    for other in _leaves(session, clinic_id, asked.staff_id):
        if other.from_ms < asked.until_ms and asked.from_ms < other.until_ms:
            raise Refused("There is a leave within these days already.", code="from")
    leave = Leave(
        clinic_id=clinic_id,
        leave_id=secrets.token_bytes(16),
        staff_id=asked.staff_id,
        stand_in_id=asked.stand_in_id,
        from_ms=asked.from_ms,
        until_ms=asked.until_ms,
        planned_ms=now_ms,
        accepted_ms=None,
        ended_ms=None,
    )
    session.add(leave)
    session.flush()
    return leave


def accept(
    session: Session, clinic_id: str, leave_id: bytes, stand_in_id: bytes, *, now_ms: int
) -> Leave:
    """Note that the stand-in takes over; raise NotFound for a leave that isn't theirs to take."""
    leave = session.get(Leave, (clinic_id, leave_id))
    if leave is None or leave.stand_in_id != stand_in_id or leave.ended_ms is not None:
        raise NotFound("No hand-over of this kind waits for you.")
    if leave.accepted_ms is None:
        leave.accepted_ms = now_ms
    return leave


def end(session: Session, clinic_id: str, leave_id: bytes, staff_id: bytes, *, now_ms: int) -> None:
    """Call a leave off; raise NotFound for one that isn't this member's."""
    leave = session.get(Leave, (clinic_id, leave_id))
    if leave is None or leave.staff_id != staff_id:
        raise NotFound("There is no such leave.")
    if leave.ended_ms is None:
        leave.ended_ms = now_ms


def end_all(session: Session, clinic_id: str, staff_id: bytes, *, now_ms: int) -> None:
    """Call off every leave in which a member is away or stands in, as one who leaves the clinic."""
    session.execute(
        update(Leave)
        .where(Leave.clinic_id == clinic_id, Leave.ended_ms.is_(None))
        .where(or_(Leave.staff_id == staff_id, Leave.stand_in_id == staff_id))
        .values(ended_ms=now_ms)
    )


def leaves_about(
    session: Session, clinic_id: str, staff_id: bytes, *, now_ms: int
) -> tuple[Leave, ...]:
    """Return the leaves, not over, in which a member is away or stands in."""
    found = session.scalars(
        select(Leave)
        .where(Leave.clinic_id == clinic_id, Leave.ended_ms.is_(None), Leave.until_ms > now_ms)
        .where(or_(Leave.staff_id == staff_id, Leave.stand_in_id == staff_id))
        .order_by(Leave.from_ms)
    )
    return tuple(found)


def current(session: Session, clinic_id: str, *, now_ms: int) -> tuple[Leave, ...]:
    """Return the leaves that run now."""
    found = session.scalars(
        select(Leave).where(
            Leave.clinic_id == clinic_id,
            Leave.ended_ms.is_(None),
            Leave.from_ms <= now_ms,
            Leave.until_ms > now_ms,
        )
    )
    return tuple(found)


def not_over(session: Session, clinic_id: str, *, now_ms: int) -> tuple[Leave, ...]:
    """Return the leaves that run now or are to come, by when they begin."""
    found = session.scalars(
        select(Leave)
        .where(Leave.clinic_id == clinic_id, Leave.ended_ms.is_(None), Leave.until_ms > now_ms)
        .order_by(Leave.from_ms)
    )
    return tuple(found)


def taken_over(
    session: Session, clinic_id: str, staff_id: bytes, *, now_ms: int
) -> frozenset[bytes]:
    """Return for whom a member stands in now, having accepted."""
    return frozenset(
        leave.staff_id
        for leave in current(session, clinic_id, now_ms=now_ms)
        if leave.stand_in_id == staff_id and leave.accepted_ms is not None
    )


def _leaves(session: Session, clinic_id: str, staff_id: bytes) -> tuple[Leave, ...]:
    found = session.scalars(
        select(Leave).where(
            Leave.clinic_id == clinic_id, Leave.staff_id == staff_id, Leave.ended_ms.is_(None)
        )
    )
    return tuple(found)


def _treating(session: Session, clinic_id: str, staff_id: bytes) -> None:
    member = session.get(Member, (clinic_id, staff_id))
    if member is None or member.left_ms is not None:
        raise NotFound("There is no such member in your clinic.")
    if not reach(roles_of(session, clinic_id, staff_id), Act.OWN_LEAVE):
        raise Refused("Only who treats is on leave or stands in.", code="stand_in")
