"""Keeping a rest until somebody lifts it: asked for here, signed by the hold key, taken by the band
(R21). Failing closed needs no prescriber's signature."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from cloud.clinics.certificates import certificate_of_key
from cloud.errors import Refused
from cloud.holds.models import HoldConfirmation
from cloud.language import _, number
from cloud.patients.models import Device, Patient
from cloud.phones.waiting import enqueue
from cloud.prescriptions.way import Way, WayStep
from cloud.times import Times
from cloud.vault.errors import VaultError
from shared.dose.ledger import OpenHold
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import ConfirmHold, HoldKind
from shared.wire import fields
from shared.wire.items import DownKind, SignedConfirmation

SHOWN = 2
"""So many of the newest are followed on the page."""


def ask(
    session: Session,
    device: Device,
    patient_id: bytes,
    hold: OpenHold | None,
    asked_by: bytes,
    *,
    now_ms: int,
) -> HoldConfirmation:
    """Note that a rest of the band's is to stay; asked again it's the same. Raise Refused for what
    is no rest, or stands no more."""
    if hold is None:
        raise Refused("This hold doesn't stand any more. Open the page again.", code="hold")
    if hold.kind is not HoldKind.REST:
        raise Refused("This hold stays until somebody lifts it.", code="hold")
    known = session.get(HoldConfirmation, (device.clinic_id, hold.hold_id))
    if known is not None:
        return known
    made = HoldConfirmation(
        clinic_id=device.clinic_id,
        hold_id=hold.hold_id,
        patient_id=patient_id,
        device_id=device.device_id,
        asked_by=asked_by,
        asked_ms=now_ms,
        cursor=None,
        signed_ms=None,
        on_phone_ms=None,
        record_number=None,
        known_ms=None,
    )
    session.add(made)
    session.flush()
    return made


def to_sign(clinic_id: str | ColumnElement[str]) -> Select[HoldConfirmation]:
    """Select what was asked for in the clinic and not signed yet."""
    erased = select(Patient.patient_id).where(
        Patient.clinic_id == clinic_id, Patient.erased_ms.is_not(None)
    )
    return select(HoldConfirmation).where(
        HoldConfirmation.clinic_id == clinic_id,
        HoldConfirmation.signed_ms.is_(None),
        HoldConfirmation.patient_id.not_in(erased),
    )


def sign_asked(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int:
    """Sign what was asked and queue it for the phones; return how much. One that can't be queued,
    as its patient's key is missing, holds up no other and is tried again."""
    signed = 0
    for each in session.scalars(to_sign(clinic_id)).all():
        try:
            with session.begin_nested():
                _sign(session, each, key, now_ms=now_ms)
        except VaultError:
            continue
        signed += 1
    return signed


def _sign(session: Session, asked: HoldConfirmation, key: SoftwareKey, *, now_ms: int) -> None:
    certificate = certificate_of_key(session, asked.clinic_id, key.public_key.key_id)
    envelope = sign1.sign(ConfirmHold(asked.hold_id), audience=asked.device_id, signer=key)
    body = fields.pack(SignedConfirmation(envelope, certificate))
    owner = (asked.clinic_id, asked.patient_id)
    asked.cursor = enqueue(session, *owner, DownKind.HOLD_CONFIRMATION, body, now_ms=now_ms)
    asked.signed_ms = now_ms


def confirmation_of(session: Session, clinic_id: str, hold_id: bytes) -> HoldConfirmation | None:
    """Return what was asked for this hold."""
    return session.get(HoldConfirmation, (clinic_id, hold_id))


def confirmations_of(
    session: Session, clinic_id: str, patient_id: bytes
) -> tuple[HoldConfirmation, ...]:
    """Return the patient's confirmations, newest first."""
    found = session.scalars(
        select(HoldConfirmation)
        .where(HoldConfirmation.clinic_id == clinic_id, HoldConfirmation.patient_id == patient_id)
        .order_by(HoldConfirmation.asked_ms.desc())
    )
    return tuple(found)


def ways_of_rests(
    session: Session, clinic_id: str, patient_id: bytes, times: Times, *, now_ms: int
) -> tuple[Way, ...]:
    """Return how far the patient's newest rests that stay came, the newest first."""
    found = confirmations_of(session, clinic_id, patient_id)[:SHOWN]
    return tuple(_way(each, times, now_ms) for each in found)


def _way(asked: HoldConfirmation, times: Times, now_ms: int) -> Way:
    def said(at_ms: int | None) -> str | None:
        return None if at_ms is None else times.said(at_ms, now_ms)

    record = number(asked.record_number) if asked.record_number else None
    detail = _("record {number} of the band").format(number=record) if record else _("by the band")
    steps = (
        WayStep(_("Asked"), _("on the clinic's page"), said(asked.asked_ms)),
        WayStep(_("On the phone"), _("signed, and fetched by the app"), said(asked.on_phone_ms)),
        WayStep(_("In force"), detail, said(asked.known_ms)),
    )
    meaning = _("Until the band has it the rest can still end by itself.")
    if asked.known_ms is not None:
        meaning = _("The band's own record says so.")
    reached = [step.name for step in steps if step.reached]
    return Way(_("Rest that stays"), meaning, reached[-1], steps)


def note_record(
    session: Session,
    clinic_id: str,
    device_id: bytes,
    hold_id: bytes,
    *,
    record_number: int,
    now_ms: int,
) -> None:
    """Note that the band's verified record says that this rest stays."""
    told = update(HoldConfirmation).where(
        HoldConfirmation.clinic_id == clinic_id,
        HoldConfirmation.device_id == device_id,
        HoldConfirmation.hold_id == hold_id,
    )
    session.execute(told.values(record_number=record_number, known_ms=now_ms))
