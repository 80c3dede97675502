"""What phones tell of care, and what the clinic says back: a message, or that it was seen."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.care.models import CareItem, SentMessage
from cloud.errors import NotFound, Refused
from cloud.patients.service import patient_here
from cloud.phones.waiting import enqueue
from shared.care import bodies
from shared.care.bodies import CareBody
from shared.care.bodies import CareItem as Told
from shared.care.from_clinic import ClinicMessage, Seen
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import open_sealed
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind, care_context

ID_BYTES = 16


def store_sealed(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    item_id: str,
    sealed: bytes,
    *,
    now_ms: int,
) -> None:
    """Keep an item as it came: ciphertext."""
    session.add(
        CareItem(
            clinic_id=clinic_id,
            patient_id=patient_id,
            item_id=item_id,
            body=sealed,
            received_ms=now_ms,
            opened_ms=None,
            refusal=None,
            seen_by=None,
            seen_ms=None,
        )
    )


def read(item: CareItem, key: SoftwareKey) -> tuple[CareBody, Told]:
    """Return what was told and the frame around it; raise TrustError or WireError."""
    plain = open_sealed(item.body, key=key, context=care_context(item.patient_id))
    frame, told = bodies.unpack(plain)
    if frame.patient_id != item.patient_id:
        raise TrustError("patient", "the item is of another patient")
    return frame, told


def items_of(session: Session, clinic_id: str, patient_id: bytes) -> Sequence[CareItem]:
    """Return what the patient's phones told, oldest first; the caller writes the audit event."""
    return session.scalars(
        select(CareItem)
        .where(CareItem.clinic_id == clinic_id, CareItem.patient_id == patient_id)
        .order_by(CareItem.received_ms, CareItem.item_id)
    ).all()


def send_message(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    text: str,
    *,
    author: str,
    actor: str,
    now_ms: int,
    route: str = "",
) -> bytes:
    """Queue a message for the patient's phones; return its id.

    ``author`` is what the patient reads, ``actor`` and ``route`` what the audit log keeps.
    """
    patient_here(session, clinic_id, patient_id)
    message_id = secrets.token_bytes(ID_BYTES)
    try:
        body = fields.pack(ClinicMessage(message_id, now_ms, author, text))
    except WireError as problem:
        raise Refused(f"{problem}.", code=problem.field) from problem
    session.add(
        SentMessage(
            clinic_id=clinic_id,
            patient_id=patient_id,
            message_id=message_id,
            author=author,
            text=text,
            sent_ms=now_ms,
        )
    )
    enqueue(session, clinic_id, patient_id, DownKind.MESSAGE, body, now_ms=now_ms)
    subject = f"patient/{patient_id.hex()}"
    record(
        session,
        clinic_id,
        actor=actor,
        action="message sent",
        subject=subject,
        now_ms=now_ms,
        route=route,
    )
    return message_id


def mark_seen(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    item_id: str,
    *,
    by: str,
    actor: str,
    now_ms: int,
    route: str = "",
) -> None:
    """Note that somebody has seen an item and tell the phones; the first one's word stands."""
    item = session.get(CareItem, (clinic_id, patient_id, item_id))
    if item is None:
        raise NotFound("There is no such item of this patient.")
    if item.seen_ms is not None:
        return
    try:
        body = fields.pack(Seen(item_id, by, now_ms))
    except WireError as problem:
        raise Refused(f"{problem}.", code=problem.field) from problem
    item.seen_by, item.seen_ms = by, now_ms
    enqueue(session, clinic_id, patient_id, DownKind.SEEN, body, now_ms=now_ms)
    subject = f"patient/{patient_id.hex()}"
    record(
        session,
        clinic_id,
        actor=actor,
        action="care item seen",
        subject=subject,
        now_ms=now_ms,
        route=route,
    )
