"""Another band takes an old one's place with a patient: whose is whose, and what goes over."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.holds.lifting import liftable
from cloud.holds.models import Hold
from cloud.holds.reasons import GONE_OVER
from cloud.holds.service import ask
from cloud.ledger.folds import Folds
from cloud.ledger.models import StoredHead
from cloud.patients.models import Device
from cloud.phones.waiting import enqueue
from shared.dose.prescription import Prescription
from shared.trust import sign1
from shared.trust.statements import HoldKind
from shared.wire import fields
from shared.wire.items import DownKind, SignedLastWord

REPLACED = "replaced"


def give(
    session: Session, clinic_id: str, patient_id: bytes, new_id: bytes, *, now_ms: int
) -> None:
    """Give a free band to the patient; whichever they had is set aside. Raise Refused for one that
    isn't free; once more for the same band changes nothing."""
    new = session.get(Device, (clinic_id, new_id), with_for_update=True, populate_existing=True)
    if new is None:
        raise NotFound("There is no such band in your clinic.")
    if new.patient_id == patient_id and new.retired_ms is None:
        return
    if not new.is_free:
        raise Refused("This device is not free. Choose another.", code="device")
    had = session.scalars(
        select(Device).where(Device.clinic_id == clinic_id, Device.patient_id == patient_id)
    )
    for old in had:
        old.patient_id, old.aside_ms, old.aside_why = None, now_ms, REPLACED
    session.flush()
    new.patient_id, new.assignment = patient_id, None
    session.flush()


def take_over(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    signed: Prescription,
    signed_by: bytes,
    *,
    now_ms: int,
) -> None:
    """Carry out what a signed replacement says: the new band is the patient's, the old one's last
    word goes to the phone with it, and a safety hold of the old band's is asked for on the new one,
    where it has to be lifted anew."""
    replacement = signed.replacement
    if replacement is None:
        return
    held = _is_held(session, clinic_id, replacement.old_device_id, now_ms=now_ms)
    give(session, clinic_id, patient_id, signed.device_id, now_ms=now_ms)
    if replacement.final_head_hash is not None:
        word = _last_word(
            session, clinic_id, replacement.old_device_id, replacement.final_head_hash
        )
        body = fields.pack(word)
        enqueue(session, clinic_id, patient_id, DownKind.LAST_WORD, body, now_ms=now_ms)
    if held:
        new = session.get_one(Device, (clinic_id, signed.device_id))
        ask(session, new, patient_id, GONE_OVER, signed_by, now_ms=now_ms)


def _is_held(session: Session, clinic_id: str, device_id: bytes, *, now_ms: int) -> bool:
    """Whether a safety hold stands by the old band's record, or was asked for and isn't over."""
    old = session.get_one(Device, (clinic_id, device_id))
    by_record = liftable(session, Folds(), old, now_ms=now_ms).holds
    if any(each.kind is HoldKind.SAFETY for each in by_record):
        return True
    stands = select(Hold.hold_id).where(
        Hold.clinic_id == clinic_id,
        Hold.device_id == device_id,
        Hold.kind == int(HoldKind.SAFETY),
        Hold.ended_ms.is_(None),
    )
    return session.scalar(stands.limit(1)) is not None


def _last_word(
    session: Session, clinic_id: str, device_id: bytes, head_hash: bytes
) -> SignedLastWord:
    device = session.get_one(Device, (clinic_id, device_id))
    heads = session.scalars(
        select(StoredHead.envelope)
        .where(StoredHead.clinic_id == clinic_id, StoredHead.device_id == device_id)
        .order_by(StoredHead.number.desc())
    )
    found = next((each for each in heads if sign1.name_of(each) == head_hash), None)
    if found is None:
        raise Refused("The old band's last word isn't here.", code="surety")
    return SignedLastWord(found, device.certificate)
