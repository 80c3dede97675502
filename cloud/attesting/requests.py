"""Taking in that a band asks for its time, and ending it by what the band's record says."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cloud.alerts.findings import TODAY, Cause
from cloud.alerts.service import About, OfPatient, end_alert, raise_alert
from cloud.attesting.models import TimeAsked
from cloud.phones.models import Phone
from shared.trust.errors import TrustError
from shared.wire import fields, records
from shared.wire.errors import WireError
from shared.wire.items import TimeRequest, time_request_id
from shared.wire.operations import NONCE_LIFE_MS, NoncePurpose
from shared.wire.records import Record

LIFE_MS = NONCE_LIFE_MS[NoncePurpose.ATTEST_TIME]
"""For so long the band takes an answer (72 h)."""
_ENDS = (records.TimeAttestedBody, records.SessionOpenedBody)


def take(session: Session, phone: Phone, item_id: str, body: bytes, *, now_ms: int) -> None:
    """Keep a phone's request and tell its patient's staff; raise WireError or TrustError for one
    that is none, or another band's."""
    request = fields.unpack(TimeRequest, body)
    if request.device_id != phone.device_id:
        raise TrustError("device", "This device is not the one of this phone's patient")
    if item_id != time_request_id(request.device_id, request.nonce):
        raise WireError("id", "does not name this request")
    owner = (phone.clinic_id, request.device_id, request.nonce)
    if session.get(TimeAsked, owner) is not None:
        return
    _end(session, phone.clinic_id, request.device_id, now_ms=now_ms)
    session.add(
        TimeAsked(
            clinic_id=phone.clinic_id,
            device_id=request.device_id,
            nonce=request.nonce,
            patient_id=phone.patient_id,
            asked_ms=min(request.asked_ms, now_ms),
            received_ms=now_ms,
            ended_ms=None,
        )
    )
    session.flush()
    cause = Cause(_key(request.device_id), TODAY, "The band asks for time that it lost", 1)
    detail = "Its sessions wait longer than they need to. A prescriber can attest the time."
    about = About(phone.clinic_id, phone.patient_id)
    raise_alert(session, about, cause, detail, now_ms=now_ms)


def newest(session: Session, clinic_id: str, device_id: bytes) -> TimeAsked | None:
    """Return the band's newest request that stands."""
    return session.scalar(
        select(TimeAsked)
        .where(
            TimeAsked.clinic_id == clinic_id,
            TimeAsked.device_id == device_id,
            TimeAsked.ended_ms.is_(None),
        )
        .order_by(TimeAsked.received_ms.desc())
        .limit(1)
    )


def asks(session: Session, clinic_id: str, patient_id: bytes) -> bool:
    """Whether a band of this patient's asks."""
    found = session.scalar(
        select(TimeAsked.nonce)
        .where(
            TimeAsked.clinic_id == clinic_id,
            TimeAsked.patient_id == patient_id,
            TimeAsked.ended_ms.is_(None),
        )
        .limit(1)
    )
    return found is not None


def note_record(
    session: Session, about: OfPatient, device_id: bytes, record: Record, *, now_ms: int
) -> None:
    """End what was asked before a record that answers it, or makes its nonce void."""
    if not isinstance(record.body, _ENDS):
        return
    before_ms = now_ms if record.clock_ms is None else record.clock_ms
    if _end(session, about.clinic_id, device_id, now_ms=now_ms, before_ms=before_ms):
        end_alert(session, about, _key(device_id), now_ms=now_ms)


def _end(
    session: Session, clinic_id: str, device_id: bytes, *, now_ms: int, before_ms: int | None = None
) -> bool:
    """End the requests that stand; return whether there were any."""
    standing = [
        TimeAsked.clinic_id == clinic_id,
        TimeAsked.device_id == device_id,
        TimeAsked.ended_ms.is_(None),
    ]
    if before_ms is not None:
        standing.append(TimeAsked.asked_ms <= before_ms)
    ended = update(TimeAsked).where(*standing).values(ended_ms=now_ms)
    found = session.execute(ended.returning(TimeAsked.nonce))
    return found.first() is not None


def _key(device_id: bytes) -> str:
    return f"time/{device_id.hex()}"
