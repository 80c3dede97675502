"""Whose course is over: what their band and phone don't say any more worries nobody."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.ledger.models import DeliveredSession
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.wire.records import SessionKind


def over(session: Session, clinic_id: str, *, now_ms: int) -> frozenset[bytes]:
    """Return the ids of the patients whose newest plan in force was ended, is too old to treat by,
    or has no session left."""
    given = _given(session, clinic_id)
    return frozenset(
        patient_id
        for patient_id, plan in _newest(session, clinic_id).items()
        if plan.kind is PrescriptionKind.END
        or now_ms >= plan.not_after_s * 1000
        or given.get((patient_id, plan.course_id), 0) >= plan.limits.course_sessions
    )


def _newest(session: Session, clinic_id: str) -> dict[bytes, Prescription]:
    stored = session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.in_force_ms.is_not(None),
        )
        .order_by(StoredPrescription.in_force_ms, StoredPrescription.serial)
    )
    plans = ((each.patient_id, read_prescription(each)) for each in stored)
    return {each: plan for each, plan in plans if plan.kind is not PrescriptionKind.TITRATION}


def _given(session: Session, clinic_id: str) -> dict[tuple[bytes, bytes], int]:
    """Sessions that gave pulses, by patient and course; what was made up joins its own."""
    counted = (
        select(DeliveredSession.patient_id, DeliveredSession.course_id, func.count())
        .where(
            DeliveredSession.clinic_id == clinic_id,
            DeliveredSession.charged_pulses > 0,
            DeliveredSession.kind == int(SessionKind.TREATMENT),
        )
        .group_by(DeliveredSession.patient_id, DeliveredSession.course_id)
    )
    return {(patient, course): count for patient, course, count in session.execute(counted)}
