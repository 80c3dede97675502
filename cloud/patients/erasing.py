"""Erasing a patient: their keys are destroyed, and with them all that is kept of them, in every
backup of the database too. What has no key stays: the band's record, the dose, the audit log.

The log says first that it begins, then the keys go: what ends in the middle is an erasure, by whom
is known, and `finish` brings it to its end.
"""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from cloud.alerts.models import Alert
from cloud.audit.service import record
from cloud.caregivers.service import forget_erased
from cloud.db import Database
from cloud.patients.models import Patient
from cloud.patients.service import patient_of
from cloud.phones.enrolment import locked_patient
from cloud.phones.models import EnrolmentCode, Phone
from cloud.vault.fields import vault_in

BEGUN, DONE = "began to erase a patient", "erased a patient"
BY_KEYS = "vault"
"""The actor in the audit log where the destroyed keys themselves said so."""
_UNSEEN = {"synchronize_session": False}


def erase(
    database: Database,
    clinic_id: str,
    patient_id: bytes,
    *,
    actor: str,
    now_ms: int,
    route: str = "",
) -> None:
    """Destroy the patient's keys for good, end phones and codes, close alerts; again is no error.

    The audit log says that it begins before a key is touched, in a transaction of its own. Raise
    NotFound for no patient of this clinic.
    """
    with database.write(clinic_id) as session:
        if patient_of(session, clinic_id, patient_id).erased_ms is None:
            _note(session, clinic_id, patient_id, BEGUN, actor, route, now_ms=now_ms)
    with database.write(clinic_id) as session:
        go_through(session, clinic_id, patient_id, actor=actor, now_ms=now_ms, route=route)


def go_through(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    *,
    actor: str,
    now_ms: int,
    route: str = "",
) -> None:
    """Do all of an erasure but the log's first line; raise NotFound as `erase` does."""
    # A phone that is being enrolled is waited for, and the next one waits.
    patient = locked_patient(session, clinic_id, patient_id)
    vault_in(session).erase(clinic_id, patient_id)
    if patient.erased_ms is None:
        patient.erased_ms = now_ms
        _end_all(session, clinic_id, now_ms=now_ms)
        _note(session, clinic_id, patient_id, DONE, actor, route, now_ms=now_ms)


def finish(session: Session, clinic_id: str, *, now_ms: int) -> int:
    """Bring erasures to their end that were killed, or that a backup of before undid: of the
    database, where a key is destroyed, or of any of the keys, where the row says erased. Return how
    many. What came in while somebody was erased ends too."""
    living = session.scalars(
        select(Patient).where(Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None))
    )
    vault = vault_in(session)
    gone = [each for each in living if vault.is_erased(clinic_id, each.patient_id)]
    for patient in gone:
        patient.erased_ms = now_ms
    every = erased(session, clinic_id)
    back = [each for each in every if not vault.is_gone(clinic_id, each.patient_id)]
    for patient in back:
        vault.erase(clinic_id, patient.patient_id)
    _end_all(session, clinic_id, now_ms=now_ms)
    for patient in gone:
        _note(session, clinic_id, patient.patient_id, DONE, BY_KEYS, "", now_ms=now_ms)
    return len({each.patient_id for each in (*gone, *back)})


def erased(session: Session, clinic_id: str) -> tuple[Patient, ...]:
    """Return who was erased, the newest first; of them nothing but the id is left."""
    found = session.scalars(
        select(Patient)
        .where(Patient.clinic_id == clinic_id, Patient.erased_ms.is_not(None))
        .order_by(Patient.erased_ms.desc(), Patient.patient_id)
    )
    return tuple(found)


def _end_all(session: Session, clinic_id: str, *, now_ms: int) -> None:
    """End what is left of everybody who was erased: phones, codes, open alerts, what somebody
    close was shown."""
    session.flush()
    forget_erased(session, clinic_id, now_ms=now_ms)
    gone = select(Patient.patient_id).where(
        Patient.clinic_id == clinic_id, Patient.erased_ms.is_not(None)
    )
    session.execute(
        update(Phone)
        .where(Phone.clinic_id == clinic_id, Phone.patient_id.in_(gone))
        .where(Phone.revoked_ms.is_(None))
        .values(revoked_ms=now_ms),
        execution_options=_UNSEEN,
    )
    session.execute(
        delete(EnrolmentCode).where(
            EnrolmentCode.clinic_id == clinic_id, EnrolmentCode.patient_id.in_(gone)
        ),
        execution_options=_UNSEEN,
    )
    session.execute(
        update(Alert)
        .where(Alert.clinic_id == clinic_id, Alert.patient_id.in_(gone))
        .where(Alert.closed_ms.is_(None))
        .values(closed_ms=now_ms, stands=False),
        execution_options=_UNSEEN,
    )


def _note(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    action: str,
    actor: str,
    route: str,
    *,
    now_ms: int,
) -> None:
    record(
        session,
        clinic_id,
        actor=actor,
        action=action,
        subject=f"patient/{patient_id.hex()}",
        now_ms=now_ms,
        route=route,
    )
