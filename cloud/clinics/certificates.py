"""The certificates that a clinic's root issued: taken in, and found by key and by purpose."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic, FurtherCertificate, StoredCertificate
from cloud.clock import instant
from cloud.errors import Refused, SetupError
from shared.trust import sign1
from shared.trust.certificates import key_of
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Purpose


class Outcome(StrEnum):
    """What became of a certificate that was given."""

    NEW = "new"
    RENEWED = "renewed"
    SHORTER = "shorter"
    KNOWN = "known"


@dataclass(frozen=True)
class Added:
    """A certificate that was given, what became of it, and until when its key is certified now."""

    certificate: Certificate
    outcome: Outcome
    until_s: int


def add_certificate(session: Session, clinic: Clinic, envelope: bytes, *, now_ms: int) -> Added:
    """Store a certificate by the clinic's root; the same one again changes nothing.

    Of several for one key, the one that lasts longest speaks for it from now on, and the others are
    kept. Raise Refused for one that isn't by the clinic's root, that would give a key a second
    purpose, or that would renew one and doesn't hold yet.
    """
    found = _by_root(clinic, envelope)
    key_id = key_of(found).key_id
    stored = session.get(StoredCertificate, (clinic.clinic_id, key_id), with_for_update=True)
    if stored is None:
        session.add(
            StoredCertificate(
                clinic_id=clinic.clinic_id,
                key_id=key_id,
                purpose=int(found.purpose),
                subject=found.subject,
                envelope=envelope,
                credential_id=found.credential_id,
                added_ms=now_ms,
            )
        )
        session.flush()
        return Added(found, Outcome.NEW, found.not_after_s)
    if stored.purpose != int(found.purpose):
        raise Refused("This key is certified for something else already.", code="purpose")
    outcome = _add_to(session, stored, found, _by_root(clinic, stored.envelope), envelope, now_ms)
    session.flush()
    return Added(found, outcome, _by_root(clinic, stored.envelope).not_after_s)


def _add_to(
    session: Session,
    stored: StoredCertificate,
    found: Certificate,
    before: Certificate,
    envelope: bytes,
    now_ms: int,
) -> Outcome:
    if envelope in envelopes_of_key(session, stored.clinic_id, stored.key_id):
        return Outcome.KNOWN
    if found.not_after_s < before.not_after_s:
        session.add(_further(stored, envelope, now_ms))
        return Outcome.SHORTER
    if found.not_before_s > now_ms // 1000:
        begins = f"{instant(found.not_before_s * 1000):%Y-%m-%d %H:%M}"
        raise Refused(
            "This certificate holds from {begins} UTC on: add it then.",
            code="not_yet",
            begins=begins,
        )
    session.add(_further(stored, stored.envelope, stored.added_ms))
    stored.envelope, stored.added_ms = envelope, now_ms
    stored.subject, stored.credential_id = found.subject, found.credential_id
    return Outcome.RENEWED


def certificates_for(
    session: Session, clinic_id: str, purpose: Purpose
) -> tuple[StoredCertificate, ...]:
    """Return the clinic's certificates of one purpose, one for each key, the newest first."""
    found = session.scalars(
        select(StoredCertificate)
        .where(StoredCertificate.clinic_id == clinic_id)
        .where(StoredCertificate.purpose == int(purpose))
        .order_by(StoredCertificate.added_ms.desc(), StoredCertificate.subject)
    )
    return tuple(found)


def certificate_of_key(session: Session, clinic_id: str, key_id: bytes) -> bytes:
    """Return the envelope that certifies one key, of several the one that lasts longest.

    Raise SetupError when there is none.
    """
    found = session.get(StoredCertificate, (clinic_id, key_id))
    if found is None:
        raise SetupError(f"no certificate of {clinic_id} for the key {key_id.hex()}")
    return found.envelope


def envelopes_of_key(session: Session, clinic_id: str, key_id: bytes) -> tuple[bytes, ...]:
    """Return every certificate that one key was ever given here, the one that lasts longest first.

    For what was signed before the key was renewed.
    """
    stored = session.get(StoredCertificate, (clinic_id, key_id))
    if stored is None:
        return ()
    further = session.scalars(
        select(FurtherCertificate.envelope)
        .where(FurtherCertificate.clinic_id == clinic_id, FurtherCertificate.key_id == key_id)
        .order_by(FurtherCertificate.added_ms, FurtherCertificate.digest)
    )
    return (stored.envelope, *further)


def _by_root(clinic: Clinic, envelope: bytes) -> Certificate:
    try:
        return sign1.verify(
            Certificate,
            envelope,
            audience=clinic.clinic_id.encode(),
            key=PublicKey(clinic.root_key),
        )
    except TrustError as problem:
        raise Refused(
            "The clinic's root did not issue this: {why}.", code=problem.code, why=problem
        ) from problem


def _further(stored: StoredCertificate, envelope: bytes, added_ms: int) -> FurtherCertificate:
    return FurtherCertificate(
        clinic_id=stored.clinic_id,
        key_id=stored.key_id,
        digest=hashlib.sha256(envelope).digest(),
        envelope=envelope,
        added_ms=added_ms,
    )
