"""The course report: one patient, one period, gathered from verified records.

What no record can prove (scores, side effects) stands in parts of its own, `cloud.reports.told`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.service import clinic_of, is_made_up
from cloud.ledger.models import DeliveredSession
from cloud.patients.models import Patient
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.proof.models import Flaw
from cloud.proof.service import of_patient
from cloud.reports.period import Period, read_period
from cloud.reports.proof import RecordLine, record_lines, serials
from cloud.reports.sessions import ReportSession, Sums, newest_course, report_sessions, sums_of
from cloud.reports.thresholds import ThresholdLine, threshold_lines
from cloud.reports.told import ToldLines, told_lines
from cloud.times import Times


@dataclass(frozen=True)
class CourseReport:
    """All that a report says. ``devices`` are serial numbers by device id; ``outside`` counts the
    patient's verified sessions that the period leaves out; ``flaws`` are those that stand."""

    patient: Patient
    clinic_name: str
    made_up: bool
    period: Period
    sessions: tuple[ReportSession, ...]
    sums: Sums
    outside: int
    devices: dict[bytes, str]
    thresholds: tuple[ThresholdLine, ...]
    told: ToldLines
    records: tuple[RecordLine, ...]
    flaws: tuple[Flaw, ...]
    made_ms: int


def course_report(
    session: Session, patient: Patient, first: str, last: str, times: Times, *, now_ms: int
) -> CourseReport:
    """Return the report from one day to another; a day left out is that of the whole course.

    Raise BadPeriod for days that make no period.
    """
    clinic_id, patient_id = patient.clinic_id, patient.patient_id
    stored = _stored(session, patient)
    everything = report_sessions(
        _rows(session, patient), {each.hash: read_prescription(each) for each in stored}
    )
    today = times.day(now_ms)
    period = read_period(first, last, _whole(everything, patient, times, today), today=today)
    inside = tuple(each for each in everything if period.has(each.day))
    records = record_lines(session, clinic_id, patient_id, inside)
    return CourseReport(
        patient=patient,
        clinic_name=clinic_of(session, clinic_id).name,
        made_up=is_made_up(session, clinic_id),
        period=period,
        sessions=inside,
        sums=sums_of(inside),
        outside=len(everything) - len(inside),
        devices=serials(session, clinic_id, sorted({each.row.device_id for each in inside})),
        thresholds=threshold_lines(
            stored, {each.row.prescription_hash for each in inside}, period, times
        ),
        told=told_lines(session, clinic_id, patient_id, period, times),
        records=records,
        flaws=tuple(
            each for each in of_patient(session, clinic_id, patient_id) if each.ended_ms is None
        ),
        made_ms=now_ms,
    )


def _whole(
    sessions: tuple[ReportSession, ...], patient: Patient, times: Times, today: date
) -> Period:
    """From the first session of the course that was treated last to today."""
    course = newest_course(sessions)
    begun = course[0].day if course else times.day(patient.created_ms)
    return Period(min(begun, today), today)


def _rows(session: Session, patient: Patient) -> list[DeliveredSession]:
    return list(
        session.scalars(
            select(DeliveredSession).where(
                DeliveredSession.clinic_id == patient.clinic_id,
                DeliveredSession.patient_id == patient.patient_id,
            )
        )
    )


def _stored(session: Session, patient: Patient) -> list[StoredPrescription]:
    return list(
        session.scalars(
            select(StoredPrescription).where(
                StoredPrescription.clinic_id == patient.clinic_id,
                StoredPrescription.patient_id == patient.patient_id,
                StoredPrescription.signed_ms.is_not(None),
            )
        )
    )
