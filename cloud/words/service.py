"""Drafting words of staff, taking what the desk signed over them, and saying how far they came."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.errors import Refused
from cloud.language import _, mark, number, told
from cloud.phones.waiting import enqueue
from cloud.prescriptions.way import Way, WayStep
from cloud.times import Times
from cloud.words.models import StaffWord
from shared.trust import challenge, sign1, staff_words
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.passkey import Assertion
from shared.trust.staff_words import (
    AttestTime,
    HandOver,
    HandOverPurpose,
    LiftHold,
    SignedWord,
    Supervise,
)
from shared.trust.statements import Certificate
from shared.wire import fields, records
from shared.wire.items import DownKind, RelayedWord
from shared.wire.records import Record

WORD_BYTES = 16
SHOWN = 4
"""So many of the newest words are followed on the page."""
KINDS = {kind.TYPE: kind for kind in (LiftHold, AttestTime, HandOver, Supervise)}
_TAKEN = (
    records.TimeAttestedBody,
    records.HoldLiftedBody,
    records.RetiredBody,
    records.ResetBody,
    records.SupervisedBody,
)
_TITLES = {
    LiftHold.TYPE: mark("Holds lifted"),
    AttestTime.TYPE: mark("Time attested"),
    HandOver.TYPE: mark("Band handed on"),
    Supervise.TYPE: mark("Trained staff present"),
}
_RETIRES = mark("Band let go")


def draft_word(
    session: Session,
    word: LiftHold | AttestTime | HandOver,
    clinic_id: str,
    patient_id: bytes,
    drafted_by: bytes,
    *,
    now_ms: int,
) -> StaffWord:
    """Fix a word's bytes; the same bytes once more are the same draft."""
    data = fields.pack(word)
    digest = challenge.digest(word.TYPE, data)
    known = session.scalar(
        select(StaffWord).where(StaffWord.clinic_id == clinic_id, StaffWord.digest == digest)
    )
    if known is not None and known.signed_ms is None:
        return known
    if known is not None:
        raise Refused("This was already signed and sent.", code="signed")
    stored = StaffWord(
        clinic_id=clinic_id,
        word_id=secrets.token_bytes(WORD_BYTES),
        patient_id=patient_id,
        device_id=word.device_id,
        type=word.TYPE,
        data=data,
        digest=digest,
        drafted_by=drafted_by,
        drafted_ms=now_ms,
    )
    session.add(stored)
    session.flush()
    return stored


def word_of(session: Session, clinic_id: str, digest: bytes) -> StaffWord | None:
    """Return the draft, or signed word, that a passkey signed."""
    return session.scalar(
        select(StaffWord)
        .where(StaffWord.clinic_id == clinic_id, StaffWord.digest == digest)
        .with_for_update()
    )


def take_word(
    session: Session,
    clinic: Clinic,
    stored: StaffWord,
    assertion: Assertion,
    envelope: bytes,
    certificate: Certificate,
    *,
    now_ms: int,
) -> None:
    """Store one signature, judged as the band will judge it, and queue the word for the phone."""
    if stored.assertion == fields.pack(assertion):
        return
    if stored.signed_ms is not None:
        raise Refused("This was already signed and sent.", code="signed")
    signed = SignedWord(stored.data, assertion, envelope)
    kind: Any = KINDS[stored.type]
    try:
        staff_words.verify(kind, signed, certificate)
    except TrustError as problem:
        raise Refused(
            "The signature does not hold: {why}. Nothing was stored.",
            code=problem.code,
            why=problem,
        ) from problem
    stored.assertion = fields.pack(assertion)
    stored.staff_key_id = PublicKey(certificate.public_key).key_id
    stored.signed_ms = now_ms
    session.flush()
    body = fields.pack(RelayedWord(stored.type, signed))
    stored.cursor = enqueue(
        session, clinic.clinic_id, stored.patient_id, DownKind.STAFF_WORD, body, now_ms=now_ms
    )


def ways_of_words(
    session: Session, clinic_id: str, patient_id: bytes, times: Times, *, now_ms: int
) -> tuple[Way, ...]:
    """Return how far the patient's newest signed words came, the newest first."""
    found = session.scalars(
        select(StaffWord)
        .where(
            StaffWord.clinic_id == clinic_id,
            StaffWord.patient_id == patient_id,
            StaffWord.signed_ms.is_not(None),
        )
        .order_by(StaffWord.signed_ms.desc())
        .limit(SHOWN)
    )
    return tuple(_way(each, times, now_ms) for each in found)


def _way(stored: StaffWord, times: Times, now_ms: int) -> Way:
    signed, fetched = (
        None if each is None else times.said(each, now_ms)
        for each in (stored.signed_ms, stored.on_phone_ms)
    )
    taken = None if stored.known_ms is None else times.said(stored.known_ms, now_ms)
    record = number(stored.record_number) if stored.record_number else None
    detail = _("record {number} of the band").format(number=record) if record else _("by the band")
    steps = (
        WayStep(_("Signed"), _("at the desk"), signed),
        WayStep(_("On the phone"), _("fetched by the app"), fetched),
        WayStep(_("In force"), detail, taken),
    )
    meaning = _("It takes effect when the band's own record says so.")
    if taken:
        meaning = _("The band's own record says so.")
    reached = [step.name for step in steps if step.reached]
    return Way(told(_title(stored)), meaning, reached[-1], steps)


def _title(stored: StaffWord) -> str:
    if stored.type == HandOver.TYPE:
        word = fields.unpack(HandOver, stored.data)
        if word.purpose is HandOverPurpose.RETIRE:
            return _RETIRES
    return _TITLES[stored.type]


def note_record(
    session: Session, clinic_id: str, device_id: bytes, record: Record, *, now_ms: int
) -> None:
    """Note of a word that the band's verified record says that it was taken."""
    if not isinstance(record.body, _TAKEN):
        return
    signed = session.scalars(
        select(StaffWord).where(
            StaffWord.clinic_id == clinic_id,
            StaffWord.device_id == device_id,
            StaffWord.signed_ms.is_not(None),
            StaffWord.record_number.is_(None),
        )
    )
    for stored in signed:
        if sign1.name_of(stored.data) == record.body.statement_hash:
            stored.record_number, stored.known_ms = record.number, now_ms
