"""Keeping drafts, asking the signing desk, taking signatures in, and relaying what was signed.

No key here can prescribe: a signature is stored only if it verifies as the device will verify it.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cloud.bands.taking_over import take_over
from cloud.clinics.certificates import certificates_for
from cloud.clinics.models import Clinic
from cloud.errors import NotFound, Refused
from cloud.patients.models import Device, Patient
from cloud.phones.waiting import enqueue
from cloud.prescriptions import thresholds
from cloud.prescriptions.drafts import DAY_S, Draft, Recipient, build
from cloud.prescriptions.models import StoredPrescription
from shared.dose.envelope import violations
from shared.dose.prescription import (
    Prescription,
    PrescriptionKind,
    from_bytes,
    hash_of,
    to_bytes,
)
from shared.trust import challenge, passkey
from shared.trust.certificates import judge
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.passkey import Assertion
from shared.trust.statements import Certificate, Purpose, Scope
from shared.wire import canonical, fields
from shared.wire.errors import WireError
from shared.wire.items import DownKind, SignedPrescription

PRESCRIPTION_BYTES = 16
READ_KEPT = 2048
"""Prescriptions that a process keeps read: some 500 patients' (own choice)."""


@dataclass(frozen=True)
class DeskAnswer:
    """What the desk hands back: the assertion and the credential that made it."""

    assertion: Assertion
    credential_id: bytes


def recipient_of(session: Session, patient: Patient, device: Device) -> Recipient:
    """Return for whom the next serial is, and what it replaces: on another band than the one that
    was ended nothing. Raise Refused where a course goes on that began on another band."""
    newest = newest_signed(session, patient.clinic_id, patient.patient_id)
    replaced = newest_treatment(session, patient.clinic_id, patient.patient_id)
    before = read_prescription(replaced) if replaced else None
    if before is not None and before.device_id != device.device_id:
        if before.kind is not PrescriptionKind.END:
            raise Refused("The course began on another band. Let it go on with this one first.")
        replaced = before = None
    return Recipient(
        clinic_id=patient.clinic_id,
        device_id=device.device_id,
        patient_id=patient.patient_id,
        initials=patient.initials,
        serial=newest.serial + 1 if newest else 1,
        replaces_hash=replaced.hash if replaced else None,
        course_id=before.course_id if before else None,
        before=before,
    )


def save_draft(
    session: Session, recipient: Recipient, draft: Draft, drafted_by: bytes, *, now_ms: int
) -> StoredPrescription:
    """Store what a page's draft comes to; raise Refused outside the envelope."""
    prescription = build(draft, recipient, now_s=now_ms // 1000)
    return keep_draft(session, recipient, prescription, drafted_by, now_ms=now_ms)


def keep_draft(
    session: Session,
    recipient: Recipient,
    prescription: Prescription,
    drafted_by: bytes,
    *,
    now_ms: int,
) -> StoredPrescription:
    """Store the bytes that will be signed; raise Refused without a threshold, or outside the
    envelope."""
    if not thresholds.is_given(prescription.threshold):
        raise Refused(
            "Type in the motor threshold and the day on which it was measured.", code="threshold"
        )
    broken = violations(prescription, recipient.before)
    if broken:
        first = broken[0]
        raise Refused(
            "{field} is {value}, {limit}.",
            code="envelope",
            field=first.field,
            value=first.value,
            limit=first.limit,
        )
    data = to_bytes(prescription)
    stored = StoredPrescription(
        clinic_id=recipient.clinic_id,
        prescription_id=secrets.token_bytes(PRESCRIPTION_BYTES),
        patient_id=recipient.patient_id,
        device_id=recipient.device_id,
        serial=recipient.serial,
        protocol_id=prescription.protocol_id,
        data=data,
        digest=challenge.digest(challenge.PRESCRIPTION_TYPE, data),
        hash=hash_of(data),
        drafted_by=drafted_by,
        drafted_ms=now_ms,
        assertion=None,
        staff_key_id=None,
        signed_ms=None,
        in_force_ms=None,
        cursor=None,
        on_phone_ms=None,
        record_number=None,
        known_ms=None,
    )
    session.add(stored)
    session.flush()
    return stored


@dataclass(frozen=True)
class ToSign:
    """A statement for the desk; ``before`` are the bytes of the version that it replaces."""

    type: str
    data: bytes
    before: bytes | None = None


def to_sign(session: Session, stored: StoredPrescription) -> ToSign:
    """Return a draft with what it replaces, by which the desk marks what changes."""
    replaced = read_prescription(stored).replaces_hash
    before = None
    if replaced is not None:
        before = session.scalar(
            select(StoredPrescription.data).where(
                StoredPrescription.clinic_id == stored.clinic_id,
                StoredPrescription.patient_id == stored.patient_id,
                StoredPrescription.hash == replaced,
            )
        )
    return ToSign(challenge.PRESCRIPTION_TYPE, stored.data, before)


def desk_request(
    session: Session, clinic_id: str, statements: Sequence[ToSign], return_url: str
) -> str:
    """Return the fragment's value that hands drafts to the desk (docs/desk-handover.md)."""
    credentials = [
        certificate.credential_id
        for certificate in certificates_for(session, clinic_id, Purpose.STAFF)
        if certificate.credential_id is not None
    ]
    listed = [
        {1: each.type, 2: each.data} | ({3: each.before} if each.before is not None else {})
        for each in statements
    ]
    request = {1: listed, 2: return_url, 3: credentials}
    return base64.urlsafe_b64encode(canonical.encode(request)).rstrip(b"=").decode()


def read_answer(text: str) -> DeskAnswer:
    """Return the desk's answer; raise Refused for anything else."""
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        value = canonical.decode(data)
        if not isinstance(value, dict) or set(value) != {1, 2} or type(value[2]) is not bytes:
            raise WireError("answer", "has another form")
        return DeskAnswer(fields.from_map(Assertion, value[1]), value[2])
    except (WireError, ValueError) as problem:
        raise Refused("The desk's answer is not readable. Nothing was stored.") from problem


def take_one(
    session: Session,
    clinic: Clinic,
    assertion: Assertion,
    envelope: bytes,
    certificate: Certificate,
    *,
    now_ms: int,
) -> StoredPrescription:
    """Store the signature of the statement that the assertion's index names, and queue it.

    The same answer once more, sent twice or by the way back, changes nothing.
    """
    stored = _draft(session, clinic.clinic_id, assertion.digests[assertion.index])
    if stored.assertion == fields.pack(assertion):
        return stored
    if stored.signed_ms is not None:
        raise Refused("This prescription was already signed and sent.", code="signed")
    _verify(stored, assertion, certificate)
    _require_next(session, stored)
    stored.assertion = fields.pack(assertion)
    stored.staff_key_id = PublicKey(certificate.public_key).key_id
    stored.signed_ms = now_ms
    session.flush()
    prescription = read_prescription(stored)
    take_over(
        session,
        clinic.clinic_id,
        stored.patient_id,
        prescription,
        stored.drafted_by,
        now_ms=now_ms,
    )
    body = fields.pack(SignedPrescription(stored.data, assertion, envelope))
    stored.cursor = enqueue(
        session, clinic.clinic_id, stored.patient_id, DownKind.PRESCRIPTION, body, now_ms=now_ms
    )
    return stored


def newest_signed(session: Session, clinic_id: str, patient_id: bytes) -> StoredPrescription | None:
    """Return the patient's newest signed prescription."""
    return session.scalar(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.patient_id == patient_id,
            StoredPrescription.signed_ms.is_not(None),
        )
        .order_by(StoredPrescription.serial.desc())
        .limit(1)
    )


def newest_treatment(
    session: Session, clinic_id: str, patient_id: bytes
) -> StoredPrescription | None:
    """Return what a new prescription replaces: the newest signed that is no titration."""
    signed = StoredPrescription.signed_ms.is_not(None)
    return _newest_beside_titrations(session, clinic_id, patient_id, signed)


def newest_in_force(
    session: Session, clinic_id: str, patient_id: bytes
) -> StoredPrescription | None:
    """Return what the band's own record says is installed, and is no titration."""
    in_force = StoredPrescription.in_force_ms.is_not(None)
    return _newest_beside_titrations(session, clinic_id, patient_id, in_force)


def _newest_beside_titrations(
    session: Session, clinic_id: str, patient_id: bytes, known: ColumnElement[bool]
) -> StoredPrescription | None:
    """A titration stands beside the treatment and never in its place (R14)."""
    found = session.scalars(
        select(StoredPrescription)
        .where(
            StoredPrescription.clinic_id == clinic_id,
            StoredPrescription.patient_id == patient_id,
            known,
        )
        .order_by(StoredPrescription.serial.desc())
    )
    beside = PrescriptionKind.TITRATION
    return next((each for each in found if read_prescription(each).kind is not beside), None)


def longest_clearance_days(session: Session, clinic_id: str, patient_id: bytes) -> int | None:
    """Return for how many days at most the band treats without word from the clinic (R20).

    Of what is in force and what was signed last, the longer: the band may have either. None where
    nothing was signed.
    """
    stored = (
        newest_in_force(session, clinic_id, patient_id),
        newest_signed(session, clinic_id, patient_id),
    )
    limits_s = [read_prescription(each).clearance_limit_s for each in stored if each]
    return -(-max(limits_s) // DAY_S) if limits_s else None


def read_prescription(stored: StoredPrescription) -> Prescription:
    """Return what stored bytes say."""
    return read_bytes(stored.data)


@lru_cache(maxsize=READ_KEPT)
def read_bytes(data: bytes) -> Prescription:
    """Return what a prescription's bytes say, read once: a list asks for hundreds at once, and they
    never change."""
    return from_bytes(data)


def _draft(session: Session, clinic_id: str, digest: bytes) -> StoredPrescription:
    found = session.scalar(
        select(StoredPrescription)
        .where(StoredPrescription.clinic_id == clinic_id, StoredPrescription.digest == digest)
        .with_for_update()
    )
    if found is None:
        raise NotFound("What was signed is no draft of your clinic. Nothing was stored.")
    return found


def staff_certificate(
    session: Session, clinic: Clinic, credential_id: bytes, now_ms: int
) -> tuple[bytes, Certificate]:
    """Return the certificate, as it came and as it reads, of the passkey that signed; raise Refused
    where it doesn't hold now."""
    for stored in certificates_for(session, clinic.clinic_id, Purpose.STAFF):
        if stored.credential_id != credential_id:
            continue
        try:
            return stored.envelope, judge(
                stored.envelope,
                purpose=Purpose.STAFF,
                clinic_id=clinic.clinic_id.encode(),
                root=PublicKey(clinic.root_key),
                now_s=now_ms // 1000,
            )
        except TrustError as problem:
            raise Refused(
                "The signing key's certificate does not hold: {why}.", why=problem
            ) from problem
    raise Refused(
        "The clinic's root has not certified the passkey that signed. Nothing was stored.",
        code="uncertified",
    )


def _verify(stored: StoredPrescription, assertion: Assertion, certificate: Certificate) -> None:
    try:
        passkey.verify(
            challenge.PRESCRIPTION_TYPE, stored.data, assertion, certificate, Scope.PRESCRIBE
        )
    except TrustError as problem:
        raise Refused(
            "The signature does not hold: {why}. Nothing was stored.",
            code=problem.code,
            why=problem,
        ) from problem


def _require_next(session: Session, stored: StoredPrescription) -> None:
    newest = newest_signed(session, stored.clinic_id, stored.patient_id)
    if stored.serial != (newest.serial + 1 if newest else 1):
        raise Refused(
            "Another prescription was signed since this draft was made. Draft it anew.",
            code="serial",
        )
