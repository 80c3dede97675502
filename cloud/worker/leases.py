"""Leases: one worker does one task of one clinic at a time, and a dead one loses it by time."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cloud.worker.models import Lease

LEASE_MS = 10_000


def take_lease(session: Session, clinic_id: str, task: str, holder: str, *, now_ms: int) -> bool:
    """Take or extend a lease; False while another worker holds it."""
    held = session.scalar(
        select(Lease).where(Lease.clinic_id == clinic_id, Lease.task == task).with_for_update()
    )
    if held is None:
        return _first(session, clinic_id, task, holder, now_ms=now_ms)
    if held.holder != holder and held.until_ms > now_ms:
        return False
    held.holder, held.until_ms = holder, now_ms + LEASE_MS
    session.flush()
    return True


def release_leases(session: Session, clinic_id: str, holder: str) -> None:
    """Give up every lease that a worker holds in this clinic, since it ends in order."""
    session.execute(
        update(Lease).where(Lease.clinic_id == clinic_id, Lease.holder == holder).values(until_ms=0)
    )


def _first(session: Session, clinic_id: str, task: str, holder: str, *, now_ms: int) -> bool:
    try:
        with session.begin_nested():
            session.add(
                Lease(clinic_id=clinic_id, task=task, holder=holder, until_ms=now_ms + LEASE_MS)
            )
    except IntegrityError:
        return False
    return True
