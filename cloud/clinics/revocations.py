"""Revocations by the clinic's root: taken in without a gap, queued for every patient's phone (R18).

Their newest number stands in every clearance, so that a band which misses one opens no session
(R20).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic, StoredRevocation
from cloud.errors import Refused
from cloud.patients.models import Patient
from cloud.phones.models import Waiting
from cloud.phones.waiting import enqueue
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Revocation
from shared.wire.items import DownKind


def add_revocation(session: Session, clinic: Clinic, envelope: bytes, *, now_ms: int) -> Revocation:
    """Store a revocation and queue it for all phones; the same one again changes nothing.

    Raise Refused for one that isn't by the clinic's root, or that leaves a number out.
    """
    try:
        found = sign1.verify(
            Revocation,
            envelope,
            audience=clinic.clinic_id.encode(),
            key=PublicKey(clinic.root_key),
        )
    except TrustError as problem:
        raise Refused(
            "The clinic's root did not sign this: {why}.", code=problem.code, why=problem
        ) from problem
    known = session.get(StoredRevocation, (clinic.clinic_id, found.number))
    if known is not None and known.envelope == envelope:
        return found
    newest = newest_revocation(session, clinic.clinic_id)
    if found.number != newest + 1:
        raise Refused(
            "This is revocation {number}; {next} comes next.",
            code="number",
            number=found.number,
            next=newest + 1,
        )
    session.add(
        StoredRevocation(
            clinic_id=clinic.clinic_id,
            number=found.number,
            key_id=found.key_id,
            kind=int(found.kind),
            at_s=found.at_s,
            until_s=found.until_s,
            envelope=envelope,
            added_ms=now_ms,
        )
    )
    session.flush()
    patients = session.scalars(
        select(Patient.patient_id).where(Patient.clinic_id == clinic.clinic_id)
    ).all()
    for patient_id in patients:
        queue_missing(session, clinic.clinic_id, patient_id, now_ms=now_ms)
    return found


def newest_revocation(session: Session, clinic_id: str) -> int:
    """Return the number of the clinic's newest revocation, 0 if there is none."""
    found = session.scalar(
        select(func.max(StoredRevocation.number)).where(StoredRevocation.clinic_id == clinic_id)
    )
    return found or 0


def revocations_of(session: Session, clinic_id: str) -> Sequence[bytes]:
    """Return the envelopes of all the clinic's revocations, in their order."""
    return session.scalars(
        select(StoredRevocation.envelope)
        .where(StoredRevocation.clinic_id == clinic_id)
        .order_by(StoredRevocation.number)
    ).all()


def queue_missing(session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int) -> None:
    """Queue for the patient's phone every revocation that it was never given, in their order."""
    waiting = set(
        session.scalars(
            select(Waiting.sealed_body).where(
                Waiting.clinic_id == clinic_id,
                Waiting.patient_id == patient_id,
                Waiting.kind == DownKind.REVOCATION.value,
            )
        )
    )
    for envelope in revocations_of(session, clinic_id):
        if envelope not in waiting:
            enqueue(session, clinic_id, patient_id, DownKind.REVOCATION, envelope, now_ms=now_ms)
