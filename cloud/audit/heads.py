"""Signed heads of the audit log: once a day the clinic says where it stands.

Whoever changes a line behind a head would have to sign anew, with a key that only the worker holds;
and whoever kept an older export sees even that.
"""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from cloud.audit.models import AuditEvent, SignedHead
from cloud.audit.service import first_unlinked, newest
from cloud.audit.watched import tell_broken
from cloud.clinics.certificates import envelopes_of_key
from cloud.clinics.models import Clinic, StoredRevocation
from cloud.clinics.service import clinic_of
from shared.trust import sign1
from shared.trust.audit_chain import AuditHead
from shared.trust.certificates import judge, key_of
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Certificate, Purpose

DAY_MS = 86_400_000
CHECKED_MAX = 50_000
"""Lines that are walked before a head is signed: more than a clinic writes in a day."""


def sign_daily(session: Session, clinic_id: str, key: SoftwareKey, *, now_ms: int) -> bool:
    """Sign the newest line unless a head was signed within a day; return whether one was.

    A head of a time that is yet to come was signed by a clock that was ahead: it stops nothing.
    Nothing is signed where the clinic's root has not certified the key for this, or no longer, and
    nothing over lines that don't hang together since the last head: the clinic is told of that.
    """
    before = newest_head(session, clinic_id)
    if before is not None and 0 <= now_ms - before.signed_ms < DAY_MS:
        return False
    last = next(iter(newest(session, clinic_id, 1)), None)
    if last is None or (before is not None and before.number >= last.number):
        return False
    if not certified(session, clinic_id, key.public_key, now_ms=now_ms):
        return False
    first = max(before.number if before else 1, last.number - CHECKED_MAX)
    broken = first_unlinked(session, clinic_id, first, last.number)
    if broken is not None or not newest_holds(session, clinic_id):
        tell_broken(session, clinic_id, broken, now_ms=now_ms)
        return False
    session.add(_signed(last, key, now_ms))
    session.flush()
    return True


def signed_of_late(
    clinic_id: str | ColumnElement[str], now_ms: int | ColumnElement[int]
) -> ColumnElement[bool]:
    """Whether a head was signed within a day, so that `sign_daily` has nothing to do."""
    newest_ms = (
        select(SignedHead.signed_ms)
        .where(SignedHead.clinic_id == clinic_id)
        .order_by(SignedHead.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    return and_(newest_ms.is_not(None), newest_ms > now_ms - DAY_MS, newest_ms <= now_ms)


def certified(session: Session, clinic_id: str, key: PublicKey, *, now_ms: int) -> bool:
    """Return whether the clinic's root has certified this key for heads, and not taken it back."""
    return _certificate(session, clinic_of(session, clinic_id), key.key_id, now_ms) is not None


def newest_head(session: Session, clinic_id: str) -> SignedHead | None:
    """Return the head that was signed last."""
    return session.scalar(
        select(SignedHead)
        .where(SignedHead.clinic_id == clinic_id)
        .order_by(SignedHead.number.desc())
        .limit(1)
    )


def heads_of(session: Session, clinic_id: str) -> tuple[SignedHead, ...]:
    """Return all heads in order."""
    found = session.scalars(
        select(SignedHead).where(SignedHead.clinic_id == clinic_id).order_by(SignedHead.number)
    )
    return tuple(found)


def first_false_head(session: Session, clinic_id: str) -> int | None:
    """Return the number of the first head that does not hold for its line; None if all do.

    A head whose certificate ended since is judged by when it was signed.
    """
    clinic = clinic_of(session, clinic_id)
    heads = heads_of(session, clinic_id)
    return next((head.number for head in heads if not _holds(session, clinic, head)), None)


def newest_holds(session: Session, clinic_id: str) -> bool:
    """Return whether the head that was signed last holds for its line; True where there is none."""
    head = newest_head(session, clinic_id)
    return head is None or _holds(session, clinic_of(session, clinic_id), head)


def _holds(session: Session, clinic: Clinic, head: SignedHead) -> bool:
    try:
        said = _judged(session, clinic, head)
    except TrustError:
        return False
    event = session.get(AuditEvent, (clinic.clinic_id, head.number))
    return event is not None and (said.number, said.hash) == (head.number, event.hash)


def _judged(session: Session, clinic: Clinic, head: SignedHead) -> AuditHead:
    issuer = sign1.peek(head.envelope).issuer
    found = _certificate(session, clinic, issuer, head.signed_ms)
    if found is None:
        raise TrustError("certificate", "the head's key is not certified")
    key = key_of(found)
    return sign1.verify(AuditHead, head.envelope, audience=clinic.clinic_id.encode(), key=key)


def _certificate(session: Session, clinic: Clinic, key_id: bytes, at_ms: int) -> Certificate | None:
    """Return a certificate of the key, renewed or not, that held at this time.

    None does from when the root took the key's word back, of whatever kind that revocation is.
    """
    revoked_s = session.scalar(
        select(func.min(StoredRevocation.at_s)).where(
            StoredRevocation.clinic_id == clinic.clinic_id, StoredRevocation.key_id == key_id
        )
    )
    if revoked_s is not None and at_ms // 1000 >= revoked_s:
        return None
    for envelope in envelopes_of_key(session, clinic.clinic_id, key_id):
        with suppress(TrustError):
            return judge(
                envelope,
                purpose=Purpose.AUDIT,
                clinic_id=clinic.clinic_id.encode(),
                root=PublicKey(clinic.root_key),
                now_s=at_ms // 1000,
            )
    return None


def _signed(last: AuditEvent, key: SoftwareKey, now_ms: int) -> SignedHead:
    statement = AuditHead(last.number, last.hash, now_ms // 1000)
    envelope = sign1.sign(statement, audience=last.clinic_id.encode(), signer=key)
    return SignedHead(
        clinic_id=last.clinic_id, number=last.number, signed_ms=now_ms, envelope=envelope
    )
