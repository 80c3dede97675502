"""Calls to patients: noting one, and the newest of each."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.errors import Refused
from cloud.language import mark
from cloud.triage.models import Contact

REACHED, NO_ANSWER, MESSAGE_LEFT = "reached", "no-answer", "message-left"
OUTCOMES = {
    REACHED: mark("Reached"),
    NO_ANSWER: mark("No answer"),
    MESSAGE_LEFT: mark("Left a message"),
}
SAID = {
    REACHED: mark("Called {when} by {name}: reached."),
    NO_ANSWER: mark("Called {when} by {name}: no answer."),
    MESSAGE_LEFT: mark("Called {when} by {name}: a message was left."),
}
NEXT_AT_MOST_MS = 14 * 86_400_000
"""The next try lies within two weeks: after that it is an appointment (own choice)."""
SHOWN = 20


def note_call(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    outcome: str,
    *,
    by: bytes,
    next_ms: int | None,
    now_ms: int,
) -> Contact:
    """Note a call that was made just now; raise Refused for no outcome of ours, or a next try in
    the past or too far away."""
    if outcome not in OUTCOMES:
        raise Refused("Choose what became of the call.", code="outcome")
    if next_ms is not None and not now_ms < next_ms <= now_ms + NEXT_AT_MOST_MS:
        raise Refused("The next try lies ahead, within two weeks.", code="next")
    contact = Contact(
        clinic_id=clinic_id,
        contact_id=secrets.token_bytes(16),
        patient_id=patient_id,
        called_by=by,
        called_ms=now_ms,
        outcome=outcome,
        next_ms=next_ms,
    )
    session.add(contact)
    session.flush()
    return contact


def calls_to(session: Session, clinic_id: str, patient_id: bytes) -> tuple[Contact, ...]:
    """Return the newest calls to a patient, the newest first."""
    found = session.scalars(
        select(Contact)
        .where(Contact.clinic_id == clinic_id, Contact.patient_id == patient_id)
        .order_by(Contact.called_ms.desc(), Contact.contact_id)
        .limit(SHOWN)
    )
    return tuple(found)


def newest_calls(
    session: Session, clinic_id: str, patients: Collection[bytes]
) -> dict[bytes, Contact]:
    """Return the newest call to each of these patients, as far as there was one."""
    found = session.scalars(
        select(Contact)
        .where(Contact.clinic_id == clinic_id, Contact.patient_id.in_(patients))
        .order_by(Contact.called_ms, Contact.contact_id)
    )
    return {each.patient_id: each for each in found}
