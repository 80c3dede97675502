"""All patients of a list at once, in a fixed number of queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.service import open_alerts
from cloud.checkins.models import Scored
from cloud.checkins.scores import questionnaire
from cloud.holds.models import Hold
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Patient
from cloud.patients.record import TreatmentRecord
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.proof.service import of_clinic
from shared.dose.prescription import PrescriptionKind


class OfPatient(Protocol):
    """A row that belongs to a patient, or to none."""

    @property
    def patient_id(self) -> bytes | None: ...


T = TypeVar("T", bound=OfPatient)


def gather_all(
    session: Session, clinic_id: str, patients: Sequence[Patient]
) -> tuple[TreatmentRecord, ...]:
    """Return the records of these patients of the clinic, in their order."""
    chains = _by_patient(
        session.scalars(
            select(LedgerChain)
            .where(LedgerChain.clinic_id == clinic_id)
            .order_by(LedgerChain.received_to)
        )
    )
    sessions = _by_patient(
        session.scalars(
            select(DeliveredSession)
            .where(DeliveredSession.clinic_id == clinic_id)
            .order_by(DeliveredSession.opened_number)
        )
    )
    phones = _by_patient(
        session.scalars(select(Phone).where(Phone.clinic_id == clinic_id).order_by(Phone.number))
    )
    prescriptions = _by_patient(
        session.scalars(
            select(StoredPrescription)
            .where(
                StoredPrescription.clinic_id == clinic_id,
                StoredPrescription.signed_ms.is_not(None),
            )
            .order_by(StoredPrescription.serial)
        )
    )
    holds = _by_patient(
        session.scalars(
            select(Hold).where(Hold.clinic_id == clinic_id).order_by(Hold.number.desc())
        )
    )
    scores = _by_patient(
        session.scalars(
            select(Scored)
            .where(
                Scored.clinic_id == clinic_id,
                Scored.instrument == questionnaire().id,
                Scored.score.is_not(None),
            )
            .order_by(Scored.answered_ms, Scored.item_id)
        )
    )
    flaws = _by_patient(of_clinic(session, clinic_id))
    alerts = _by_patient(open_alerts(session, clinic_id))
    return tuple(
        TreatmentRecord(
            patient=patient,
            phone=_last(phones[patient.patient_id]),
            chain=_last(chains[patient.patient_id]),
            sessions=tuple(sessions[patient.patient_id]),
            signed=_last(prescriptions[patient.patient_id]),
            in_force=_in_force(prescriptions[patient.patient_id]),
            holds=tuple(holds[patient.patient_id]),
            checkins=tuple(scores[patient.patient_id]),
            alerts=tuple(alerts[patient.patient_id]),
            flaws=tuple(flaws[patient.patient_id]),
        )
        for patient in patients
    )


def _by_patient(rows: Iterable[T]) -> defaultdict[bytes | None, list[T]]:
    found: defaultdict[bytes | None, list[T]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(row)
    return found


def _last(rows: list[T]) -> T | None:
    return rows[-1] if rows else None


def _in_force(prescriptions: list[StoredPrescription]) -> StoredPrescription | None:
    """The newest on the band; a titration stands beside it and never in its place (R14)."""
    for stored in reversed(prescriptions):
        beside = PrescriptionKind.TITRATION
        if stored.in_force_ms is not None and read_prescription(stored).kind is not beside:
            return stored
    return None
