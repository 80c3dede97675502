"""Reads the facts of all patients of a clinic in a fixed number of queries; of one likewise.

Sessions are those that verified records tell of. Whoever was erased isn't among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cloud.adherence.facts import facts_of
from cloud.checkins.models import Scored
from cloud.checkins.scores import questionnaire
from cloud.dose.closures import closed_days, closed_days_of_all
from cloud.dose.deliveries import NO_COURSE
from cloud.ledger.models import DeliveredSession
from cloud.patients.models import Patient
from cloud.patients.service import age_of
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.proof.models import Flaw
from cloud.response.facts import Answer, Facts, Treatment
from cloud.times import Times
from shared.dose.prescription import Prescription, PrescriptionKind
from shared.wire.records import SessionKind


@dataclass
class _Rows:
    """What the database has of one patient, the oldest first."""

    sessions: list[DeliveredSession] = field(default_factory=list)
    plans: list[tuple[StoredPrescription, Prescription]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    flawed: bool = False


def facts_of_all(
    session: Session, clinic_id: str, times: Times, *, now_ms: int
) -> dict[bytes, Facts]:
    """Return the facts of every patient of the clinic who wasn't erased."""
    patients = session.scalars(select(Patient).where(Patient.clinic_id == clinic_id)).all()
    today = times.day(now_ms).toordinal()
    rows = _rows(session, clinic_id)
    closed = closed_days_of_all(session, clinic_id, today=today)
    return {
        each.patient_id: _facts(
            each, rows[each.patient_id], closed[each.patient_id], times, today=today
        )
        for each in patients
        if not each.is_erased
    }


def facts_of_one(session: Session, patient: Patient, times: Times, *, now_ms: int) -> Facts:
    """Return the facts of one patient."""
    today = times.day(now_ms).toordinal()
    rows = _rows(session, patient.clinic_id, patient.patient_id)[patient.patient_id]
    closed = closed_days(session, patient.clinic_id, patient.patient_id, today=today)
    return _facts(patient, rows, closed, times, today=today)


def _facts(patient: Patient, rows: _Rows, closed: set[int], times: Times, *, today: int) -> Facts:
    treated = [each for each in rows.sessions if _is_treatment(each)]
    if not treated:
        return Facts(answers=tuple(rows.answers), flawed=rows.flawed)
    course_id = treated[0].course_id
    of_course = [each for each in rows.sessions if each.course_id == course_id]
    course = facts_of(rows.plans, course_id, of_course, closed, times, today=today)
    return Facts(
        protocol_id=course.in_force[0].prescription.protocol_id if course else "",
        age_years=age_of(patient, date.fromordinal(treated[0].day)),
        course=course,
        treatments=tuple(
            Treatment(each.day, each.opened_ms, each.charged_pulses < each.planned_pulses)
            for each in of_course
            if _is_treatment(each)
        ),
        answers=tuple(rows.answers),
        flawed=rows.flawed,
    )


def _is_treatment(row: DeliveredSession) -> bool:
    charged = row.course_id != NO_COURSE and row.charged_pulses > 0
    return charged and row.kind == int(SessionKind.TREATMENT)


def _rows(
    session: Session, clinic_id: str, patient_id: bytes | None = None
) -> defaultdict[bytes, _Rows]:
    found: defaultdict[bytes, _Rows] = defaultdict(_Rows)
    sessions = select(DeliveredSession).order_by(
        DeliveredSession.day, DeliveredSession.opened_ms, DeliveredSession.opened_number
    )
    for row in session.scalars(sessions.where(*_of(DeliveredSession, clinic_id, patient_id))):
        found[row.patient_id].sessions.append(row)
    plans = select(StoredPrescription).where(
        *_of(StoredPrescription, clinic_id, patient_id),
        StoredPrescription.in_force_ms.is_not(None),
    )
    ordered = plans.order_by(StoredPrescription.in_force_ms, StoredPrescription.serial)
    for stored in session.scalars(ordered):
        plan = read_prescription(stored)
        if plan.kind is not PrescriptionKind.TITRATION:
            found[stored.patient_id].plans.append((stored, plan))
    for scored in _scores(session, clinic_id, patient_id):
        if scored.score is not None:
            found[scored.patient_id].answers.append(Answer(scored.answered_ms, scored.score))
    flaws = select(Flaw.patient_id).where(
        *_of(Flaw, clinic_id, patient_id), Flaw.ended_ms.is_(None)
    )
    for flawed_id in session.scalars(flaws):
        found[flawed_id].flawed = True
    return found


def _scores(session: Session, clinic_id: str, patient_id: bytes | None) -> Iterable[Scored]:
    found: Sequence[Scored] = session.scalars(
        select(Scored)
        .where(*_of(Scored, clinic_id, patient_id), Scored.instrument == questionnaire().id)
        .order_by(Scored.answered_ms, Scored.item_id)
    ).all()
    return found


def _of(table: Any, clinic_id: str, patient_id: bytes | None) -> tuple[ColumnElement[bool], ...]:
    of_clinic: ColumnElement[bool] = table.clinic_id == clinic_id
    return (of_clinic,) if patient_id is None else (of_clinic, table.patient_id == patient_id)
