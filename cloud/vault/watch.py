"""Looks whether patients' keys open, some patients each minute, and tells the clinic of one's that
doesn't: before anybody needs it, and as long as a copy of the folder still has it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, end_alert, open_alerts, raise_alert
from cloud.patients.models import Patient
from cloud.vault.errors import Damaged, KeyMissing, VaultError
from cloud.vault.fields import vault_in

PREFIX = "patient-keys/"
AT_ONCE = 100
"""Patients that are looked at in one transaction."""
EVERY_MS = 60_000
_TITLE = "A patient's keys do not open"
_STATES: dict[type[VaultError], str] = {Damaged: "damaged", KeyMissing: "missing"}


def look(session: Session, clinic_id: str, *, now_ms: int) -> int:
    """Look at the minute's patients; return of how many a key is missing or damaged.

    One whose keys were destroyed is being erased: that is no fault.
    """
    told = _told(session, clinic_id)
    faults = 0
    for patient_id in _turn(session, clinic_id, now_ms):
        fault = _fault(session, clinic_id, patient_id)
        key = PREFIX + patient_id.hex()
        if fault is not None:
            faults += 1
            _tell(session, clinic_id, patient_id, fault, now_ms=now_ms)
        elif key in told:
            end_alert(session, About(clinic_id), key, now_ms=now_ms)
    return faults


def _told(session: Session, clinic_id: str) -> set[str]:
    found = open_alerts(session, clinic_id)
    return {each.cause for each in found if each.cause.startswith(PREFIX)}


def _turn(session: Session, clinic_id: str, now_ms: int) -> Sequence[bytes]:
    here = (Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None))
    count = session.scalar(select(func.count()).select_from(Patient).where(*here)) or 0
    turns = -(-count // AT_ONCE) or 1
    skipped = now_ms // EVERY_MS % turns * AT_ONCE
    ordered = select(Patient.patient_id).where(*here).order_by(Patient.patient_id)
    return session.scalars(ordered.offset(skipped).limit(AT_ONCE)).all()


def _fault(session: Session, clinic_id: str, patient_id: bytes) -> VaultError | None:
    try:
        vault_in(session).check(clinic_id, patient_id)
    except (Damaged, KeyMissing) as problem:
        return problem
    except VaultError:
        return None
    return None


def _tell(
    session: Session, clinic_id: str, patient_id: bytes, fault: VaultError, *, now_ms: int
) -> None:
    cause = Cause(PREFIX + patient_id.hex(), NOW, _TITLE, 1)
    detail = (
        f"Patient {patient_id.hex()}: a key is {_STATES[type(fault)]}. What is sealed by it can't"
        " be read. Whoever runs the server puts it back from the copy of the key folder, as long"
        " as that copy is kept (docs/keys.md)."
    )
    raise_alert(session, About(clinic_id), cause, detail, now_ms=now_ms)
