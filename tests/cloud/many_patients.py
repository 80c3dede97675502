"""Patients beyond a world's own, for lists of many: known, keyed, and without a band."""

import secrets
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.models import StoredCertificate
from cloud.patients.models import Patient
from cloud.vault.fields import vault_in
from shared.trust.statements import Purpose
from tests.cloud.worlds import BIRTH_DATE


def admitted(session: Session, count: int, *, now_ms: int) -> Iterator[bytes]:
    """Add patients to the demonstration's clinic one by one; give each one's id."""
    key_id = session.scalars(
        select(StoredCertificate.key_id).where(StoredCertificate.purpose == int(Purpose.VAULT))
    ).first()
    assert key_id is not None
    for number in range(count):
        patient_id = secrets.token_bytes(16)
        vault_in(session).admit("demo", patient_id)
        session.add(
            Patient(
                clinic_id="demo",
                patient_id=patient_id,
                name=f"Patient {number}",
                birth_date=BIRTH_DATE,
                indication="mdd",
                initials="P",
                vault_key_id=key_id,
                created_ms=now_ms,
                erased_ms=None,
            )
        )
        session.flush()
        yield patient_id
