"""A card that was saved on the pages, until the phones' server signs it.

The pages hold no key that signs. Ingest, which holds the enrolment key, publishes what was saved
when a phone of the clinic calls next.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.audit.service import record
from cloud.care import cards
from cloud.care.models import AskedCard
from cloud.care.models import ClinicCard as StoredCard
from cloud.clinics.service import locked_clinic
from cloud.phones.models import Phone, Waiting
from shared.care.card import ClinicCard
from shared.trust.keys import SoftwareKey
from shared.wire import fields
from shared.wire.items import DownKind

ROUTE = "GET /v1/sync"
"""On which request of a phone it happens."""


def ask(session: Session, clinic_id: str, card: ClinicCard, *, by: bytes, now_ms: int) -> bool:
    """Keep a card to be published; return whether that is anything new.

    One that says what is published takes back what was asked before. Raise Refused as
    `cards.check`.
    """
    cards.check(card)
    locked_clinic(session, clinic_id)
    before, asked = cards.newest(session, clinic_id), session.get(AskedCard, clinic_id)
    if before is not None and replace(card, serial=before.serial) == before:
        if asked is not None:
            session.delete(asked)
        return asked is not None
    body = fields.pack(replace(card, serial=0))
    if asked is None:
        session.add(AskedCard(clinic_id=clinic_id, body=body, asked_by=by, asked_ms=now_ms))
    elif asked.body == body:
        return False
    else:
        asked.body, asked.asked_by, asked.asked_ms = body, by, now_ms
    session.flush()
    return True


def asked_card(session: Session, clinic_id: str) -> AskedCard | None:
    """Return what waits to be published."""
    return session.get(AskedCard, clinic_id)


def publish_asked(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int | None:
    """Publish what waits, with the enrolment key; return the card's serial, None for nothing."""
    locked_clinic(session, clinic_id)
    asked = session.get(AskedCard, clinic_id, populate_existing=True)
    if asked is None:
        return None
    card = cards.publish(
        session, clinic_id, fields.unpack(ClinicCard, asked.body), key, now_ms=now_ms
    )
    record(
        session,
        clinic_id,
        actor=f"staff/{asked.asked_by.hex()}",
        action="card published",
        subject=f"card/{card.serial}",
        now_ms=now_ms,
        route=ROUTE,
    )
    session.delete(asked)
    return card.serial


def published_ms(session: Session, clinic_id: str) -> int | None:
    """Return when the newest card was published."""
    return session.scalar(
        select(StoredCard.published_ms)
        .where(StoredCard.clinic_id == clinic_id)
        .order_by(StoredCard.serial.desc())
        .limit(1)
    )


def on_phones(session: Session, clinic_id: str) -> tuple[int, int]:
    """Return how many phones in use hold the newest card, and how many phones there are."""
    newest = (
        select(Waiting.patient_id, func.max(Waiting.cursor).label("cursor"))
        .where(Waiting.clinic_id == clinic_id, Waiting.kind == DownKind.CLINIC_CARD.value)
        .group_by(Waiting.patient_id)
        .subquery()
    )
    rows = session.execute(
        select(Phone.cursor, newest.c.cursor)
        .join(newest, newest.c.patient_id == Phone.patient_id, isouter=True)
        .where(Phone.clinic_id == clinic_id, Phone.revoked_ms.is_(None))
    ).all()
    return sum(at is not None and held >= at for held, at in rows), len(rows)
