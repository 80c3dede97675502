"""All patients of a list at once, in a fixed number of queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeVar

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from cloud.alerts.service import open_alerts
from cloud.checkins.models import Scored
from cloud.checkins.scores import newest_with_score, questionnaire
from cloud.holds.models import Hold
from cloud.holds.placing import placers_of
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.charts import SPARK_SCORES
from cloud.patients.models import Patient
from cloud.patients.record import Delivered, TreatmentRecord
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import read_prescription
from cloud.proof.service import of_clinic
from shared.dose.prescription import PrescriptionKind


class OfPatient(Protocol):
    """A row that belongs to a patient, or to none."""

    @property
    def patient_id(self) -> bytes | None: ...


class Columns(NamedTuple):
    """A session as a list asks for it."""

    opened_ms: int | None
    closed_ms: int | None
    charged_pulses: int
    planned_pulses: int
    course_id: bytes
    kind: int


T = TypeVar("T", bound=OfPatient)


def gather_all(
    session: Session, clinic_id: str, patients: Sequence[Patient], *, only: bool = False
) -> tuple[TreatmentRecord, ...]:
    """Return the records of these patients of the clinic, in their order.

    Of scores each has the newest that a small line shows: more would be opened for nothing. With
    ``only``, for a few of many, nobody else's rows are read.
    """
    ids = [each.patient_id for each in patients]

    def of(column: InstrumentedAttribute[bytes]) -> ColumnElement[bool]:
        return column.in_(ids) if only else true()

    chains = _by_patient(
        session.scalars(
            select(LedgerChain)
            .where(LedgerChain.clinic_id == clinic_id, of(LedgerChain.patient_id))
            .order_by(LedgerChain.received_to)
        )
    )
    sessions = _sessions(session, clinic_id, ids) if only else _all_sessions(session, clinic_id)
    phones = _by_patient(
        session.scalars(
            select(Phone)
            .where(Phone.clinic_id == clinic_id, of(Phone.patient_id))
            .order_by(Phone.number)
        )
    )
    prescriptions = _by_patient(
        session.scalars(
            select(StoredPrescription)
            .where(
                StoredPrescription.clinic_id == clinic_id,
                of(StoredPrescription.patient_id),
                StoredPrescription.signed_ms.is_not(None),
            )
            .order_by(StoredPrescription.serial)
        )
    )
    holds = _by_patient(
        session.scalars(
            select(Hold)
            .where(Hold.clinic_id == clinic_id, of(Hold.patient_id))
            .order_by(Hold.number.desc())
        )
    )
    scores = _by_patient(
        session.scalars(
            select(Scored)
            .where(
                Scored.clinic_id == clinic_id,
                of(Scored.patient_id),
                Scored.instrument == questionnaire().id,
            )
            .order_by(Scored.answered_ms, Scored.item_id)
        )
    )
    flaws = _by_patient(of_clinic(session, clinic_id))
    placers = placers_of(session, clinic_id)
    alerts = _by_patient(open_alerts(session, clinic_id, ids if only else None))
    return tuple(
        TreatmentRecord(
            patient=patient,
            phone=_last(phones[patient.patient_id]),
            chain=_last(chains[patient.patient_id]),
            sessions=tuple(sessions[patient.patient_id]),
            signed=_last(prescriptions[patient.patient_id]),
            in_force=_in_force(prescriptions[patient.patient_id]),
            holds=tuple(holds[patient.patient_id]),
            checkins=newest_with_score(scores[patient.patient_id], SPARK_SCORES),
            alerts=tuple(alerts[patient.patient_id]),
            flaws=tuple(flaws[patient.patient_id]),
            placers=placers,
        )
        for patient in patients
    )


def _all_sessions(session: Session, clinic_id: str) -> Mapping[bytes | None, Sequence[Delivered]]:
    return _by_patient(
        session.scalars(
            select(DeliveredSession)
            .where(DeliveredSession.clinic_id == clinic_id)
            .order_by(DeliveredSession.opened_number)
        )
    )


def _sessions(
    session: Session, clinic_id: str, patients: Sequence[bytes]
) -> Mapping[bytes | None, Sequence[Delivered]]:
    """A list draws thousands of sessions: their columns are enough, no row is made an object."""
    found: defaultdict[bytes | None, list[Delivered]] = defaultdict(list)
    rows = session.execute(
        select(
            DeliveredSession.patient_id,
            DeliveredSession.opened_ms,
            DeliveredSession.closed_ms,
            DeliveredSession.charged_pulses,
            DeliveredSession.planned_pulses,
            DeliveredSession.course_id,
            DeliveredSession.kind,
        )
        .where(DeliveredSession.clinic_id == clinic_id, DeliveredSession.patient_id.in_(patients))
        .order_by(DeliveredSession.opened_number)
    )
    for patient_id, opened_ms, closed_ms, charged, planned, course_id, kind in rows:
        found[patient_id].append(Columns(opened_ms, closed_ms, charged, planned, course_id, kind))
    return found


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
