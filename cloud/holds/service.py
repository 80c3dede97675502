"""Asking for a hold, signing it, and saying how far it has come (R20, R21)."""

from __future__ import annotations

import secrets
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from cloud.alerts.findings import NOW, Cause
from cloud.alerts.service import About, end_alert, raise_alert
from cloud.clinics.certificates import certificate_of_key
from cloud.clinics.service import locked_clinic
from cloud.errors import Refused
from cloud.holds.models import Hold
from cloud.holds.reasons import WHY
from cloud.patients.models import Device, Patient
from cloud.phones.waiting import enqueue
from cloud.vault.errors import KeyDestroyed, VaultError
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import HoldKind, HoldSource, PlaceHold
from shared.wire import fields
from shared.wire.items import DownKind, SignedHold

_UNSENT = (
    "It was asked for and does not reach the band: a key of this patient is missing or damaged on"
    " the server. Tell the patient not to treat. Patient {}."
)


class HoldState(StrEnum):
    """How far a hold has come; only "in force" stops the band by itself."""

    ASKED = "asked"
    ON_PHONE = "on the phone"
    IN_FORCE = "in force"
    ENDED = "ended"


def ask(
    session: Session,
    device: Device,
    patient_id: bytes,
    reason: str,
    asked_by: bytes,
    *,
    now_ms: int,
    recall_id: bytes | None = None,
) -> Hold:
    """Note that a person asks for a safety hold, perhaps for a recall; the worker signs it."""
    if reason not in WHY:
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
        recall_id=recall_id,
        cursor=None,
        signed_ms=None,
        on_phone_ms=None,
        in_force_ms=None,
        record_number=None,
        joined_id=None,
        ended_ms=None,
    )
    session.add(hold)
    session.flush()
    return hold


def on_its_way(session: Session, clinic_id: str, patient_id: bytes) -> tuple[Hold, ...]:
    """Return the holds that were asked for and aren't in force yet, the oldest first. None of them
    can be taken back: a lift names what stands on the band's record."""
    return tuple(
        hold
        for hold in reversed(holds_of(session, clinic_id, patient_id))
        if state_of(hold) in (HoldState.ASKED, HoldState.ON_PHONE)
    )


def ask_once(
    session: Session,
    device: Device,
    patient_id: bytes,
    reason: str,
    asked_by: bytes,
    *,
    now_ms: int,
) -> Hold:
    """Ask for a hold, unless one that people of the clinic asked for, for the same reason, is on
    its way: a form that is sent twice asks once. Return the new hold, or the one on its way."""
    locked_clinic(session, device.clinic_id)
    waiting = on_its_way(session, device.clinic_id, patient_id)
    same = (each for each in waiting if each.reason == reason and each.recall_id is None)
    return next(same, None) or ask(session, device, patient_id, reason, asked_by, now_ms=now_ms)


def to_sign(clinic_id: str | ColumnElement[str]) -> Select[Hold]:
    """Select the clinic's holds that were asked for and not signed yet."""
    erased = select(Patient.patient_id).where(
        Patient.clinic_id == clinic_id, Patient.erased_ms.is_not(None)
    )
    return select(Hold).where(
        Hold.clinic_id == clinic_id,
        Hold.signed_ms.is_(None),
        Hold.patient_id.not_in(erased),
    )


def sign_asked(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int:
    """Sign the clinic's holds that were asked and queue them for the phones; return how many.

    Each for itself: one that can't be queued, as its patient's key is missing or damaged, holds up
    no other, is told now and tried again. Who was erased has no phone that would fetch one.
    """
    signed = 0
    for hold in session.scalars(to_sign(clinic_id)).all():
        patient_id = hold.patient_id
        about, cause = About(clinic_id, patient_id), _unsent(hold)
        try:
            with session.begin_nested():
                _sign(session, hold, key, now_ms=now_ms)
        except KeyDestroyed:
            continue
        except VaultError:
            raise_alert(session, about, cause, _UNSENT.format(patient_id.hex()), now_ms=now_ms)
            continue
        end_alert(session, about, cause.key, now_ms=now_ms)
        signed += 1
    return signed


def _sign(session: Session, hold: Hold, key: SoftwareKey, *, now_ms: int) -> None:
    certificate = certificate_of_key(session, hold.clinic_id, key.public_key.key_id)
    statement = PlaceHold(
        hold.hold_id, HoldKind(hold.kind), HoldSource.CLOUD, hold.reason, hold.number
    )
    envelope = sign1.sign(statement, audience=hold.device_id, signer=key)
    body = fields.pack(SignedHold(envelope, certificate))
    hold.cursor = enqueue(
        session, hold.clinic_id, hold.patient_id, DownKind.HOLD, body, now_ms=now_ms
    )
    hold.signed_ms = now_ms


def _unsent(hold: Hold) -> Cause:
    return Cause(f"hold-unsent/{hold.hold_id.hex()}", NOW, "A safety hold can't be sent", 1)


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
    if hold.ended_ms is not None:
        return HoldState.ENDED
    if hold.in_force_ms is not None:
        return HoldState.IN_FORCE
    return HoldState.ON_PHONE if hold.on_phone_ms is not None else HoldState.ASKED
