"""What waits for a patient's phone: an ordered queue, read by cursor, never emptied.

A cursor is the instant of queueing, and more than the one before it. So what is queued after an
older database was restored lies beyond whatever a phone was given before.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.patients.models import Patient
from cloud.phones.models import Waiting
from shared.wire.items import DownKind

PAGE = 100
CURSOR_MAX = 2**53 - 1


def enqueue(
    session: Session, clinic_id: str, patient_id: bytes, kind: DownKind, body: bytes, *, now_ms: int
) -> int:
    """Queue an item for the patient's phone; return its cursor."""
    # The patient's row is the lock: two processes may queue for the same patient.
    session.execute(
        select(Patient.patient_id)
        .where(Patient.clinic_id == clinic_id, Patient.patient_id == patient_id)
        .with_for_update(key_share=True)
    )
    newest = session.scalar(
        select(func.max(Waiting.cursor)).where(
            Waiting.clinic_id == clinic_id, Waiting.patient_id == patient_id
        )
    )
    cursor = max((newest or 0) + 1, now_ms)
    session.add(
        Waiting(
            clinic_id=clinic_id,
            patient_id=patient_id,
            cursor=cursor,
            kind=kind.value,
            body=body,
            queued_ms=now_ms,
        )
    )
    session.flush()
    return cursor


def after(session: Session, clinic_id: str, patient_id: bytes, cursor: int) -> tuple[Waiting, ...]:
    """Return what was queued after ``cursor``, oldest first, one page at most."""
    found = session.scalars(
        select(Waiting)
        .where(
            Waiting.clinic_id == clinic_id,
            Waiting.patient_id == patient_id,
            Waiting.cursor > cursor,
        )
        .order_by(Waiting.cursor)
        .limit(PAGE)
    )
    return tuple(found)
