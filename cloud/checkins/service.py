"""Check-ins: stored sealed, opened by the worker with the care key, scored anew."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.alerts.service import Cause, raise_alert
from cloud.checkins.models import Checkin
from shared.instruments.change import is_worse
from shared.instruments.forms import phq9
from shared.instruments.items import NOT_SAID
from shared.instruments.questionnaire import SELF_HARM_ITEM, AnswerError, Questionnaire
from shared.trust.errors import TrustError
from shared.trust.keys import SoftwareKey
from shared.trust.sealing import open_sealed
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.items import CheckinBody, checkin_context


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
            sealed=sealed,
            received_ms=now_ms,
            opened_ms=None,
            instrument=None,
            answered_ms=None,
            score=None,
            refusal=None,
        )
    )


def open_new(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> int:
    """Open, score and judge the clinic's new check-ins; return how many."""
    new = session.scalars(
        select(Checkin)
        .where(Checkin.clinic_id == clinic_id, Checkin.opened_ms.is_(None))
        .order_by(Checkin.received_ms)
    ).all()
    for checkin in new:
        checkin.opened_ms = now_ms
        try:
            _score(session, checkin, read(checkin, key), now_ms=now_ms)
        except (TrustError, WireError, AnswerError) as problem:
            checkin.refusal = type(problem).__name__
            cause = Cause(f"checkin/{checkin.item_id}", "today", "A check-in could not be read")
            raise_alert(session, checkin, cause, "Ask the patient to send it again.", now_ms=now_ms)
    return len(new)


def read(checkin: Checkin, key: SoftwareKey) -> CheckinBody:
    """Return a check-in's answers; raise TrustError or WireError."""
    plain = open_sealed(checkin.sealed, key=key, context=checkin_context(checkin.patient_id))
    body = fields.unpack(CheckinBody, plain)
    if body.patient_id != checkin.patient_id:
        raise TrustError("patient", "the check-in is of another patient")
    return body


def scored(session: Session, clinic_id: str, patient_id: bytes) -> tuple[Checkin, ...]:
    """Return the patient's scored check-ins, oldest first."""
    found = session.scalars(
        select(Checkin)
        .where(
            Checkin.clinic_id == clinic_id,
            Checkin.patient_id == patient_id,
            Checkin.score.is_not(None),
        )
        .order_by(Checkin.answered_ms)
    )
    return tuple(found)


def questionnaire() -> Questionnaire:
    """Return the one instrument of today."""
    return phq9()


def _score(session: Session, checkin: Checkin, body: CheckinBody, *, now_ms: int) -> None:
    """Score it; with an item left out there is no score, and what else was said still counts."""
    asked = questionnaire()
    if body.instrument != asked.id or not (body.pack_serial or body.version == asked.version):
        raise AnswerError("instrument", "unknown")
    score = asked.scored(body.answers)
    before = scored(session, checkin.clinic_id, checkin.patient_id)
    checkin.instrument = body.instrument
    checkin.answered_ms = body.answered_ms
    checkin.score = None if score is None else score.total
    session.flush()
    _alert_self_harm(session, checkin, asked.by_item(body.answers)[SELF_HARM_ITEM], now_ms=now_ms)
    last = before[-1].score if before else None
    if last is not None and score is not None and is_worse(asked, last, score.total):
        cause = Cause(f"worse/{checkin.item_id}", "today", f"Score worse by {score.total - last}")
        detail = f"{last} to {score.total} since the last check-in."
        if not body.pack_serial:
            detail = f"{detail} {score.label.capitalize()}."
        raise_alert(session, checkin, cause, detail, now_ms=now_ms)


def _alert_self_harm(session: Session, checkin: Checkin, answer: int, *, now_ms: int) -> None:
    if answer == 0:
        return
    if answer == NOT_SAID:
        cause = Cause(f"self-harm/{checkin.item_id}", "today", "Item 9 was left out")
        detail = "The patient would rather not say whether there are thoughts of self-harm."
    else:
        urgency = "now" if answer >= 2 else "today"
        cause = Cause(
            f"self-harm/{checkin.item_id}", urgency, f"Thoughts of self-harm, item 9 = {answer}"
        )
        detail = "Said in the check-in. The patient needs a call."
    raise_alert(session, checkin, cause, detail, now_ms=now_ms)
