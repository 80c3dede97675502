"""Check-ins: stored sealed, opened by the worker with the care key, scored anew."""

from __future__ import annotations

from sqlalchemy.orm import Session

from cloud.alerts.service import About
from cloud.care.one_by_one import Words, open_each, to_open
from cloud.checkins.models import Checkin
from cloud.checkins.scores import take_answers
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import open_sealed
from shared.wire import fields
from shared.wire.items import CheckinBody, checkin_context

WORDS = Words("checkin", "A check-in", "Ask the patient to send it again.")


def store_sealed(
    session: Session,
    clinic_id: str,
    patient_id: bytes,
    item_id: str,
    sealed: bytes,
    *,
    now_ms: int,
) -> None:
    """Keep a check-in as it came: ciphertext."""
    session.add(
        Checkin(
            clinic_id=clinic_id,
            patient_id=patient_id,
            item_id=item_id,
            body=sealed,
            received_ms=now_ms,
            opened_ms=None,
            refusal=None,
        )
    )


def open_new(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int:
    """Open, score and judge the clinic's new check-ins; return how many."""

    def take(checkin: Checkin) -> None:
        _score(session, checkin, read(checkin, key), now_ms=now_ms)

    new = to_open(session, Checkin, clinic_id, now_ms=now_ms)
    return open_each(session, new, take, WORDS, now_ms=now_ms)


def read(checkin: Checkin, key: SoftwareKey) -> CheckinBody:
    """Return a check-in's answers; raise TrustError or WireError."""
    plain = open_sealed(checkin.body, key=key, context=checkin_context(checkin.patient_id))
    body = fields.unpack(CheckinBody, plain)
    if body.patient_id != checkin.patient_id:
        raise TrustError("patient", "the check-in is of another patient")
    return body


def _score(session: Session, checkin: Checkin, body: CheckinBody, *, now_ms: int) -> None:
    take_answers(
        session,
        About(checkin.clinic_id, checkin.patient_id),
        checkin.item_id,
        body.instrument,
        body.version,
        body.answers,
        pack_serial=body.pack_serial,
        answered_ms=min(body.answered_ms, checkin.received_ms),
        now_ms=now_ms,
    )
