"""Drills: each week each channel on the rota is rung, and its member says that it rang.

A drill that is not answered, or that could not be sent, is an alert itself.
"""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, raise_alert
from cloud.channels.models import Channel
from cloud.channels.service import Occasion, channels_of, plan
from cloud.errors import NotFound, Refused
from cloud.oncall.models import Drill
from cloud.oncall.service import missing_while_ringing, rota_of
from cloud.people.models import Member
from cloud.times import Times

WEEK_MS = 7 * 86_400_000
ANSWER_MS = 86_400_000
HOURS = range(9, 16)
"""Local hours in which drills begin by themselves (own choice)."""


def run(session: Session, clinic_id: str, times: Times, *, now_ms: int) -> int:
    """Begin drills that are due, fail those without an answer, and tell where "now" alerts would
    reach nobody; return how many began."""
    late = session.scalars(
        select(Drill).where(
            Drill.clinic_id == clinic_id,
            Drill.answered_ms.is_(None),
            Drill.failed_ms.is_(None),
            Drill.started_ms <= now_ms - ANSWER_MS,
        )
    ).all()
    for drill in late:
        fail(session, clinic_id, drill.drill_id, now_ms=now_ms)
    _tell_whether_it_rings(session, clinic_id, now_ms=now_ms)
    if times.local(now_ms).hour not in HOURS:
        return 0
    on_rota = {turn.staff_id for turn in rota_of(session, clinic_id)}
    due = [
        channel
        for channel in channels_of(session, clinic_id)
        if channel.staff_id in on_rota and _is_due(session, channel, now_ms)
    ]
    for channel in due:
        start(session, channel, now_ms=now_ms)
    return len(due)


def start(session: Session, channel: Channel, *, now_ms: int) -> Drill:
    """Begin a drill over one channel."""
    drill = Drill(
        clinic_id=channel.clinic_id,
        drill_id=secrets.token_bytes(16),
        channel_id=channel.channel_id,
        started_ms=now_ms,
        answered_ms=None,
        failed_ms=None,
    )
    session.add(drill)
    session.flush()
    occasion = Occasion(f"drill/{drill.drill_id.hex()}", NOW, drill_id=drill.drill_id)
    plan(session, channel, occasion, due_ms=now_ms, now_ms=now_ms)
    return drill


def answer(
    session: Session, clinic_id: str, drill_id: bytes, *, staff_id: bytes, now_ms: int
) -> None:
    """Note that it rang; only the channel's own member can say so, and within a day."""
    drill = drill_of(session, clinic_id, drill_id, staff_id)
    if drill.failed_ms is not None or now_ms > drill.started_ms + ANSWER_MS:
        raise Refused("This drill is over. The next one comes within the week.", code="drill")
    if drill.answered_ms is None:
        drill.answered_ms = now_ms
        _tell(session, drill, failures=0, now_ms=now_ms)


def drill_of(session: Session, clinic_id: str, drill_id: bytes, staff_id: bytes) -> Drill:
    """Return a drill over a channel of this member."""
    drill = session.get(Drill, (clinic_id, drill_id))
    if drill is None:
        raise NotFound("There is no such drill.")
    if session.get_one(Channel, (clinic_id, drill.channel_id)).staff_id != staff_id:
        raise NotFound("There is no such drill.")
    return drill


def fail(session: Session, clinic_id: str, drill_id: bytes, *, now_ms: int) -> None:
    """Note that a drill failed, and tell; each further one in a row is told anew."""
    drill = session.get_one(Drill, (clinic_id, drill_id))
    if drill.answered_ms is not None or drill.failed_ms is not None:
        return
    drill.failed_ms = now_ms
    session.flush()
    _tell(session, drill, failures=_in_a_row(session, drill), now_ms=now_ms)


def newest_of(session: Session, channel: Channel) -> Drill | None:
    """Return the channel's newest drill."""
    return session.scalar(
        select(Drill)
        .where(Drill.clinic_id == channel.clinic_id, Drill.channel_id == channel.channel_id)
        .order_by(Drill.started_ms.desc())
        .limit(1)
    )


def _is_due(session: Session, channel: Channel, now_ms: int) -> bool:
    newest = newest_of(session, channel)
    return newest is None or newest.started_ms <= now_ms - WEEK_MS


def _in_a_row(session: Session, drill: Drill) -> int:
    failures = 0
    for each in session.scalars(
        select(Drill)
        .where(Drill.clinic_id == drill.clinic_id, Drill.channel_id == drill.channel_id)
        .order_by(Drill.started_ms.desc())
    ):
        if each.answered_ms is not None:
            break
        failures += each.failed_ms is not None
    return failures


def _tell(session: Session, drill: Drill, *, failures: int, now_ms: int) -> None:
    channel = session.get_one(Channel, (drill.clinic_id, drill.channel_id))
    name = session.get_one(Member, (drill.clinic_id, channel.staff_id)).name
    cause = Cause(f"drill/{channel.channel_id.hex()}", NOW, f"The drill of {name} failed", failures)
    raise_alert(
        session,
        About(drill.clinic_id),
        cause,
        f"Nobody said that the {channel.kind} rang.",
        now_ms=now_ms,
        ends_by_itself=True,
    )


def _tell_whether_it_rings(session: Session, clinic_id: str, *, now_ms: int) -> None:
    missing = missing_while_ringing(session, clinic_id, now_ms=now_ms)
    raise_alert(
        session,
        About(clinic_id),
        Cause("ringing", NOW, '"Now" alerts may reach nobody', len(missing)),
        " ".join(missing),
        now_ms=now_ms,
        ends_by_itself=True,
    )
