"""Taking a phone out of use, by a call to the clinic: from then on its requests are refused."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.errors import NotFound
from cloud.phones.models import Phone


def phones_of(session: Session, clinic_id: str, patient_id: bytes) -> Sequence[Phone]:
    """Return the patient's phones, the newest first."""
    return session.scalars(
        select(Phone)
        .where(Phone.clinic_id == clinic_id, Phone.patient_id == patient_id)
        .order_by(Phone.number.desc())
    ).all()


def revoke(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    number: int,
    *,
    actor: str,
    now_ms: int,
    route: str = "",
) -> Phone:
    """Take the patient's phone of that number out of use; once more changes nothing.

    The band knows nothing of it by this: a phone needs the band in reach to do anything there, and
    leaves its list when two newer ones came. What it hadn't sent is gone.
    """
    phone = next(
        (each for each in phones_of(session, clinic_id, patient_id) if each.number == number), None
    )
    if phone is None:
        raise NotFound("This patient has no phone of that number.")
    if phone.revoked_ms is None:
        phone.revoked_ms = now_ms
        record(
            session,
            clinic_id,
            actor=actor,
            action="phone revoked",
            subject=f"phone/{phone.phone_id.hex()}",
            now_ms=now_ms,
            route=route,
            patients=[patient_id],
        )
    return phone
