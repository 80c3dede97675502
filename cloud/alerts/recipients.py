"""Who is told of an alert: by the rota, by whom it was handed to, and by who is on leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.channels.models import Channel
from cloud.leave.routing import treating_members, with_stand_ins
from cloud.oncall.ladder import EVERYBODY, FIRST, SECOND
from cloud.oncall.rota import Turn, on_call
from cloud.people.authority import Act
from cloud.people.service import members_who

Replaces = Callable[[bytes], Iterable[bytes]]
"""From a member to who is told in their place."""


def told(
    alert: Alert,
    rung: int,
    turns: Sequence[Turn],
    channels: Sequence[Channel],
    minute: int,
    replaces: Replaces,
) -> tuple[bytes, ...]:
    """Return the members to tell at a rung, at a minute of the week.

    A rung on which nobody can be reached passes on to the next. Whom the alert was handed to is
    told beside those of the rung, until somebody acknowledges.
    """
    reachable = {channel.staff_id for channel in channels}
    handed = () if alert.handed_to is None else tuple(replaces(alert.handed_to))
    for level in range(rung, EVERYBODY + 1):
        members = _of_rung(level, turns, channels, minute)
        found = [each for member in members for each in replaces(member)]
        if reachable & set(found):
            return tuple(dict.fromkeys((*handed, *found)))
    return handed


def may_be_told(session: Session, clinic_id: str, *, of_patient: bool) -> frozenset[bytes]:
    """Return the ids of who is here and may be told: of a patient who treats, of the clinic itself
    who may open an alert."""
    if of_patient:
        return treating_members(session, clinic_id)
    return members_who(session, clinic_id, Act.OPEN_ALERT)


def replacing(
    session: Session,
    clinic_id: str,
    channels: Sequence[Channel],
    *,
    of_patient: bool,
    now_ms: int,
) -> Replaces:
    """Return who is told in a member's place: who took over from one on leave.

    Where none of these has a channel, who is away is told too. Nobody is who may not be told.
    """
    reachable = {channel.staff_id for channel in channels}
    allowed = may_be_told(session, clinic_id, of_patient=of_patient)

    def replaces(member: bytes) -> tuple[bytes, ...]:
        found = with_stand_ins(session, clinic_id, (member,), now_ms=now_ms)
        if not reachable & set(found):
            found = (*found, member)
        return tuple(each for each in dict.fromkeys(found) if each in allowed)

    return replaces


def _of_rung(
    rung: int, turns: Sequence[Turn], channels: Sequence[Channel], minute: int
) -> tuple[bytes, ...]:
    if rung in (FIRST, SECOND):
        return on_call(turns, rung, minute)
    return tuple(dict.fromkeys(channel.staff_id for channel in channels))
