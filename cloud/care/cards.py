"""Publishing a clinic's card: signed by the enrolment key, queued for every patient's phones."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.care.models import ClinicCard as StoredCard
from cloud.clinics.certificates import certificate_of_key
from cloud.clinics.service import locked_clinic
from cloud.errors import Refused
from cloud.phones.models import Phone
from cloud.phones.waiting import enqueue
from shared.care import documents, hours
from shared.care.card import ClinicCard, require_numbers
from shared.care.documents import SignedDocument
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind


def publish(
    session: Session, clinic_id: str, card: ClinicCard, key: SoftwareKey, *, now_ms: int
) -> ClinicCard:
    """Sign the card under the next serial and queue it; return it as it was published.

    A card that says what the newest says already is that one. Raise Refused where a number can't
    be dialled, the zone isn't known, or the key isn't certified.
    """
    check(card)
    locked_clinic(session, clinic_id)
    before = newest(session, clinic_id)
    if before is not None and replace(card, serial=before.serial) == before:
        return before
    card = replace(card, serial=1 if before is None else before.serial + 1)
    body = fields.pack(
        documents.sign_card(
            card,
            clinic_id=clinic_id.encode(),
            signer=key,
            certificate=certificate_of_key(session, clinic_id, key.public_key.key_id),
        )
    )
    session.add(StoredCard(clinic_id=clinic_id, serial=card.serial, body=body, published_ms=now_ms))
    session.flush()
    for patient_id in phones_patients(session, clinic_id):
        enqueue(session, clinic_id, patient_id, DownKind.CLINIC_CARD, body, now_ms=now_ms)
    return card


def newest(session: Session, clinic_id: str) -> ClinicCard | None:
    """Return the clinic's newest card."""
    stored = _newest(session, clinic_id)
    if stored is None:
        return None
    return fields.unpack(ClinicCard, fields.unpack(SignedDocument, stored.body).document)


def queue_newest(session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int) -> None:
    """Queue the newest card for a patient whose phone was just enrolled, if there is one.

    A phone that has it already says so and keeps what it has.
    """
    stored = _newest(session, clinic_id)
    if stored is not None:
        enqueue(session, clinic_id, patient_id, DownKind.CLINIC_CARD, stored.body, now_ms=now_ms)


def _newest(session: Session, clinic_id: str) -> StoredCard | None:
    return session.scalar(
        select(StoredCard)
        .where(StoredCard.clinic_id == clinic_id)
        .order_by(StoredCard.serial.desc())
        .limit(1)
    )


def phones_patients(session: Session, clinic_id: str) -> tuple[bytes, ...]:
    """Return the clinic's patients that have a phone."""
    found = session.scalars(
        select(Phone.patient_id)
        .where(Phone.clinic_id == clinic_id)
        .distinct()
        .order_by(Phone.patient_id)
    )
    return tuple(found)


def check(card: ClinicCard) -> None:
    """Raise Refused, with the field, where a number can't be dialled or the zone isn't known."""
    try:
        require_numbers(card)
    except WireError as problem:
        raise Refused(f"{problem}.", code=problem.field) from problem
    if hours.zone_of(card) is None:
        raise Refused(f"zone: {card.zone!r:.40} is no time zone like Europe/Berlin.", code="zone")
