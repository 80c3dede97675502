"""The worker's heartbeat: written each second, told to phones so that they can say who watches."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cloud.worker.models import Heartbeat

ABSENT_MS = 60_000
"""Without a beat for so long nobody watches; a beat comes each second (own choice)."""


def watches(heard_ms: int | None, *, now_ms: int) -> bool:
    """Return whether a worker looks after a clinic whose newest heartbeat is this one.

    One of a time that is yet to come is no worker's of now: its clock was ahead.
    """
    return heard_ms is not None and abs(now_ms - heard_ms) <= ABSENT_MS


def beat(session: Session, clinic_id: str, worker: str, *, now_ms: int) -> None:
    """Note that ``worker`` looks after this clinic now; what a clock ahead left is removed."""
    session.execute(
        delete(Heartbeat).where(
            Heartbeat.clinic_id == clinic_id, Heartbeat.at_ms > now_ms + ABSENT_MS
        )
    )
    found = session.get(Heartbeat, (clinic_id, worker))
    if found is None:
        session.add(Heartbeat(clinic_id=clinic_id, worker=worker, at_ms=now_ms))
    else:
        found.at_ms = now_ms


def newest_heartbeat(session: Session, clinic_id: str) -> int | None:
    """Return when any worker last looked after this clinic."""
    return session.scalar(select(func.max(Heartbeat.at_ms)).where(Heartbeat.clinic_id == clinic_id))
