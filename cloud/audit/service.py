"""Writing and checking the audit log."""

from __future__ import annotations

import hashlib

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from cloud.audit.models import AuditEvent
from cloud.clinics.service import locked_clinic
from shared.wire import canonical


def record(
    session: Session, clinic_id: str, *, actor: str, action: str, subject: str, now_ms: int
) -> None:
    """Append one event; ``actor`` and ``subject`` are ids, never names."""
    locked_clinic(session, clinic_id)
    last = session.scalar(_events(clinic_id).order_by(AuditEvent.number.desc()).limit(1))
    number = last.number + 1 if last else 1
    event = AuditEvent(
        clinic_id=clinic_id,
        number=number,
        at_ms=now_ms,
        actor=actor,
        action=action,
        subject=subject,
        hash=b"",
    )
    event.hash = _hash(last.hash if last else clinic_id.encode(), event)
    session.add(event)
    session.flush()


def first_broken(session: Session, clinic_id: str) -> int | None:
    """Return the number of the first event that is missing or was changed; None if all hold."""
    before = clinic_id.encode()
    wanted = 1
    for event in session.scalars(_events(clinic_id).order_by(AuditEvent.number)):
        if event.number != wanted or event.hash != _hash(before, event):
            return wanted
        before, wanted = event.hash, wanted + 1
    return None


def newest(session: Session, clinic_id: str, limit: int = 100) -> tuple[AuditEvent, ...]:
    """Return the newest events, newest first."""
    found = session.scalars(_events(clinic_id).order_by(AuditEvent.number.desc()).limit(limit))
    return tuple(found)


def _events(clinic_id: str) -> Select[AuditEvent]:
    return select(AuditEvent).where(AuditEvent.clinic_id == clinic_id)


def _hash(before: bytes, event: AuditEvent) -> bytes:
    line = [event.number, event.at_ms, event.actor, event.action, event.subject]
    return hashlib.sha256(before + canonical.encode(line)).digest()
