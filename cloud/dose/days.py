"""Doses by day, kept as sessions come in; weeks and courses are summed from them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from cloud.dose.models import DoseDay
from cloud.ledger.models import DeliveredSession
from shared.wire.records import SessionKind


def sum_up(session: Session, clinic_id: str, touched: Iterable[tuple[bytes, bytes, int]]) -> None:
    """Sum the days anew that sessions were written for: (patient, course, day) each."""
    for patient_id, course_id, day in sorted(touched):
        key = (clinic_id, patient_id, course_id, day)
        charged, planned, sessions = _sums(session, *key)
        row = session.get(DoseDay, key)
        if row is None:
            row = DoseDay(clinic_id=clinic_id, patient_id=patient_id, course_id=course_id, day=day)
        row.charged, row.planned, row.sessions = charged, planned, sessions
        session.add(row)
    session.flush()


def _sums(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes, day: int
) -> tuple[int, int, int]:
    treatment = DeliveredSession.kind == int(SessionKind.TREATMENT)
    charged = DeliveredSession.charged_pulses
    found = session.execute(
        select(
            func.sum(charged),
            func.sum(case((treatment, DeliveredSession.planned_pulses), else_=0)),
            func.sum(case((treatment & (charged > 0), 1), else_=0)),
        ).where(
            DeliveredSession.clinic_id == clinic_id,
            DeliveredSession.patient_id == patient_id,
            DeliveredSession.course_id == course_id,
            DeliveredSession.day == day,
        )
    ).one()
    return int(found[0] or 0), int(found[1] or 0), int(found[2] or 0)


def days_of(
    session: Session, clinic_id: str, patient_id: bytes, course_id: bytes
) -> tuple[DoseDay, ...]:
    """Return the days of one course on which anything was opened, the oldest first."""
    found = session.scalars(
        select(DoseDay)
        .where(
            DoseDay.clinic_id == clinic_id,
            DoseDay.patient_id == patient_id,
            DoseDay.course_id == course_id,
        )
        .order_by(DoseDay.day)
    )
    return tuple(found)
