"""Asking for a hold, signing it, and saying how far it has come (R20, R21)."""

from __future__ import annotations

import secrets
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.clinics.service import certificate_of_key, locked_clinic
from cloud.errors import Refused
from cloud.holds.models import Hold
from cloud.patients.models import Device
from cloud.phones.waiting import enqueue
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import HoldKind, HoldSource, PlaceHold
from shared.wire import fields
from shared.wire.items import DownKind, SignedHold

REASONS = {
    "clinician": "I want to see the patient first",
    "side-effect": "Side effect reported",
    "medicine": "Medicine changed",
    "device": "Doubt about the device",
}


class HoldState(StrEnum):
    """How far a hold has come; only the last stops the band by itself."""

    ASKED = "asked"
    ON_PHONE = "on the phone"
    IN_FORCE = "in force"


def ask(
    session: Session,
    device: Device,
    patient_id: bytes,
    reason: str,
    asked_by: bytes,
    *,
    now_ms: int,
) -> Hold:
    """Note that a person asks for a safety hold; the worker signs it at once."""
    if reason not in REASONS:
        raise Refused("Choose one of the reasons.", code="reason")
    locked_clinic(session, device.clinic_id)
    newest = newest_number(session, device.clinic_id, device.device_id)
    hold = Hold(
        clinic_id=device.clinic_id,
        hold_id=secrets.token_bytes(16),
        patient_id=patient_id,
        device_id=device.device_id,
        number=newest + 1,
        kind=int(HoldKind.SAFETY),
        reason=reason,
        asked_by=asked_by,
        asked_ms=now_ms,
        cursor=None,
        signed_ms=None,
        on_phone_ms=None,
        in_force_ms=None,
        record_number=None,
    )
    session.add(hold)
    session.flush()
    return hold


def sign_asked(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int:
    """Sign the clinic's holds that were asked and queue them for the phones; return how many."""
    asked = session.scalars(
        select(Hold).where(Hold.clinic_id == clinic_id, Hold.signed_ms.is_(None))
    ).all()
    for hold in asked:
        certificate = certificate_of_key(session, clinic_id, key.public_key.key_id)
        statement = PlaceHold(
            hold.hold_id, HoldKind(hold.kind), HoldSource.CLOUD, hold.reason, hold.number
        )
        envelope = sign1.sign(statement, audience=hold.device_id, signer=key)
        body = fields.pack(SignedHold(envelope, certificate))
        hold.cursor = enqueue(
            session, clinic_id, hold.patient_id, DownKind.HOLD, body, now_ms=now_ms
        )
        hold.signed_ms = now_ms
    return len(asked)


def note_on_phone(
    session: Session, clinic_id: str, patient_id: bytes, cursor: int, *, now_ms: int
) -> None:
    """Note that the patient's phone holds everything up to ``cursor``."""
    waiting = session.scalars(
        select(Hold).where(
            Hold.clinic_id == clinic_id,
            Hold.patient_id == patient_id,
            Hold.cursor <= cursor,
            Hold.on_phone_ms.is_(None),
        )
    )
    for hold in waiting:
        hold.on_phone_ms = now_ms


def newest_number(session: Session, clinic_id: str, device_id: bytes) -> int:
    """Return the number of the newest hold for a device, 0 if there was none."""
    found = session.scalar(
        select(func.max(Hold.number)).where(
            Hold.clinic_id == clinic_id, Hold.device_id == device_id
        )
    )
    return found or 0


def holds_of(session: Session, clinic_id: str, patient_id: bytes) -> tuple[Hold, ...]:
    """Return the patient's holds, newest first."""
    found = session.scalars(
        select(Hold)
        .where(Hold.clinic_id == clinic_id, Hold.patient_id == patient_id)
        .order_by(Hold.number.desc())
    )
    return tuple(found)


def state_of(hold: Hold) -> HoldState:
    """Return how far a hold has come."""
    if hold.in_force_ms is not None:
        return HoldState.IN_FORCE
    return HoldState.ON_PHONE if hold.on_phone_ms is not None else HoldState.ASKED
