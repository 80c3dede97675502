"""What the clinic's database holds: whom a task is about, and whether it was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.models import AuditedPatient, AuditEvent
from cloud.demo_data.cases import CAUSES, Case
from cloud.holds.models import Hold
from cloud.ledger.models import DeliveredSession
from cloud.patients.models import Patient
from cloud.patients.service import all_patients
from cloud.people.models import Member
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.triage.models import Assignment
from scripts.usability.clinic import Clinic
from shared.stimulation.catalogue import catalogue
from shared.wire.record_types import CloseCause, SessionKind

TUESDAY = 1
STEP_PERCENT = 5
"""By so much the intensity is raised, of the threshold (the script's own choice)."""
WHY = {
    CloseCause.ENDED_BY_PERSON: "The patient ended it.",
    CloseCause.PAUSE_LIMIT: "The pause grew longer than ten minutes, so the band ended it.",
    CloseCause.MOTION: "The band moved too much, so it ended the session.",
}


@dataclass(frozen=True)
class Partial:
    """A session that gave less than was planned: its pulses, its page's end, its reason."""

    pulses: int
    planned: int
    address: str
    why: str


def planted(clinic: Clinic) -> set[str]:
    """The names of those whose case raises an alert: each of them needs somebody."""
    with clinic.read() as session:
        names = {patient.name for patient in _patients(session, clinic)}
    return {case.name_of_patient for case in Case if case in CAUSES} & names


def in_treatment(clinic: Clinic) -> Patient:
    """A patient whom nothing holds, with a prescription in force and a phone that answers."""
    with clinic.read() as session:
        held = set(session.scalars(select(Hold.patient_id).where(Hold.ended_ms.is_(None))))
        return next(
            patient
            for patient, _plan in _treated(session, clinic)
            if patient.patient_id not in held and patient.name.startswith("Patient")
        )


def below_the_envelope(clinic: Clinic) -> tuple[Patient, int, int]:
    """Another patient, their intensity, and a higher one, no higher than published."""
    first = in_treatment(clinic)
    with clinic.read() as session:
        for patient, stored in _treated(session, clinic):
            plan = read_prescription(stored)
            now = plan.parts[0].intensity_percent
            published = catalogue().entry(plan.protocol_id).parts[0].intensity_percent or 0
            if patient.name != first.name and now + STEP_PERCENT <= published:
                return patient, now, now + STEP_PERCENT
    raise LookupError("every intensity is as high as its protocol was published with")


def partial_on_a_tuesday(clinic: Clinic) -> tuple[Patient, Partial]:
    """The newest partial session that fell on a Tuesday, and whose it is."""
    with clinic.read() as session:
        rows = session.scalars(
            select(DeliveredSession)
            .where(
                DeliveredSession.clinic_id == clinic.made.clinic_id,
                DeliveredSession.kind == int(SessionKind.TREATMENT),
                DeliveredSession.charged_pulses < DeliveredSession.planned_pulses,
                DeliveredSession.charged_pulses > 0,
            )
            .order_by(DeliveredSession.day.desc())
        )
        row = next(each for each in rows if date.fromordinal(each.day).weekday() == TUESDAY)
        patient = session.get_one(Patient, (row.clinic_id, row.patient_id))
        assert row.cause is not None
        address = f"/sessions/{row.epoch.hex()}/{row.opened_number}"
        why = WHY[CloseCause(row.cause)]
        return patient, Partial(row.charged_pulses, row.planned_pulses, address, why)


def looked_at(clinic: Clinic, name: str) -> bool:
    """Whether the audit log has it that this patient was opened."""
    with clinic.read() as session:
        patient = next(each for each in _patients(session, clinic) if each.name == name)
        return "read a patient" in _acts(session, patient)


def hold_in_force(clinic: Clinic, patient: Patient) -> bool:
    """Whether the band's verified record holds the newest hold."""
    with clinic.read() as session:
        newest = session.scalars(
            select(Hold)
            .where(Hold.clinic_id == patient.clinic_id, Hold.patient_id == patient.patient_id)
            .order_by(Hold.asked_ms.desc())
        ).first()
        return newest is not None and newest.in_force_ms is not None


def newest_signed(clinic: Clinic, patient: Patient) -> int:
    """The intensity that was signed last."""
    return _intensity(clinic, patient, signed=True)


def in_force(clinic: Clinic, patient: Patient) -> int:
    """The intensity that the band has in force."""
    return _intensity(clinic, patient, signed=False)


def tasks_of(clinic: Clinic, name: str) -> int:
    """How many patients are a member's task."""
    with clinic.read() as session:
        member = session.scalars(select(Member).where(Member.name == name)).one()
        found = session.scalars(select(Assignment).where(Assignment.staff_id == member.staff_id))
        return len(found.all())


def sessions_of(clinic: Clinic, patient: Patient) -> int:
    """How many sessions the verified record has of a patient."""
    with clinic.read() as session:
        found = session.scalars(
            select(DeliveredSession).where(DeliveredSession.patient_id == patient.patient_id)
        )
        return len(found.all())


def report_taken(clinic: Clinic, patient: Patient) -> bool:
    """Whether the audit log has it that the report was taken as a file."""
    with clinic.read() as session:
        return "exported a course report" in _acts(session, patient)


def _intensity(clinic: Clinic, patient: Patient, *, signed: bool) -> int:
    mark = StoredPrescription.signed_ms if signed else StoredPrescription.in_force_ms
    with clinic.read() as session:
        newest = session.scalars(
            select(StoredPrescription)
            .where(StoredPrescription.patient_id == patient.patient_id, mark.is_not(None))
            .order_by(StoredPrescription.serial.desc())
        ).first()
        assert newest is not None
        return read_prescription(newest).parts[0].intensity_percent


def _treated(session: Session, clinic: Clinic) -> list[tuple[Patient, StoredPrescription]]:
    newest: dict[bytes, StoredPrescription] = {}
    for stored in session.scalars(select(StoredPrescription).order_by(StoredPrescription.serial)):
        if stored.in_force_ms is not None:
            newest[stored.patient_id] = stored
    now_s = clinic.clock.wall_ms() // 1000
    return [
        (patient, newest[patient.patient_id])
        for patient in _patients(session, clinic)
        if patient.patient_id in newest
        and read_prescription(newest[patient.patient_id]).not_after_s > now_s
    ]


def _patients(session: Session, clinic: Clinic) -> list[Patient]:
    return [each for each in all_patients(session, clinic.made.clinic_id) if each.erased_ms is None]


def _acts(session: Session, patient: Patient) -> set[str]:
    return set(
        session.scalars(
            select(AuditEvent.action)
            .join(AuditedPatient, AuditedPatient.number == AuditEvent.number)
            .where(AuditedPatient.patient_id == patient.patient_id)
        )
    )
