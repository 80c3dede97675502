"""What has to be signed again: by somebody who left or whose certificate ends (R18).

A band judges a certificate when a prescription is installed, and a revocation at once. So what a
leaver signed goes on until the date of the revocation, at most 30 days; what a certificate that
ended signed goes on too, but nothing more can be signed by it, and the next step would lack it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic, StoredCertificate, StoredRevocation
from cloud.patients.models import Patient
from cloud.people.models import Member
from cloud.prescriptions.models import StoredPrescription
from cloud.prescriptions.service import newest_in_force, newest_treatment, read_prescription
from shared.dose.prescription import PrescriptionKind
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, RevocationKind

AHEAD_DAYS = 60
"""A certificate that ends within so many days is on the list (own choice)."""
_DAY_S = 86_400


class Why(StrEnum):
    """Why it has to be signed again, the gravest first."""

    COMPROMISED = "compromised"
    LEFT = "left"
    ENDED = "ended"
    ENDS = "ends"


_ORDER = tuple(Why)


@dataclass(frozen=True)
class SignAgain:
    """One prescription in force, or signed and on its way.

    ``until_s`` is when it or its certificate ends, if known.
    """

    patient_id: bytes
    prescription_hash: bytes
    signer: str
    why: Why
    until_s: int | None


def to_sign_again(
    session: Session, clinic_id: str, *, now_ms: int, ahead_days: int = AHEAD_DAYS
) -> tuple[SignAgain, ...]:
    """Return the clinic's list, the most urgent first; nothing is signed for who was erased."""
    patients = session.scalars(
        select(Patient.patient_id).where(
            Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None)
        )
    )
    judged = (
        _of_patient(session, clinic_id, each, now_ms // 1000, ahead_days) for each in patients.all()
    )
    found = [each for each in judged if each is not None]
    latest_s = max((each.until_s or 0 for each in found), default=0)
    return tuple(sorted(found, key=lambda each: _rank(each, latest_s)))


def _of_patient(
    session: Session, clinic_id: str, patient_id: bytes, now_s: int, ahead_days: int
) -> SignAgain | None:
    """Judge what waits for the band, and what is in force where that is well signed.

    A plan that is over needs no signature, and neither does one whose end is well signed.
    """
    waiting = newest_treatment(session, clinic_id, patient_id)
    if waiting is not None and waiting.in_force_ms is None:
        found = _judge(session, waiting, now_s, ahead_days)
        if found is not None or read_prescription(waiting).kind is PrescriptionKind.END:
            return found
    in_force = newest_in_force(session, clinic_id, patient_id)
    if in_force is None or read_prescription(in_force).kind is PrescriptionKind.END:
        return None
    return _judge(session, in_force, now_s, ahead_days)


def _rank(each: SignAgain, latest_s: int) -> tuple[int, int, bytes]:
    until_s = latest_s if each.until_s is None else each.until_s
    return _ORDER.index(each.why), until_s, each.patient_id


def _judge(
    session: Session, stored: StoredPrescription, now_s: int, ahead_days: int
) -> SignAgain | None:
    key_id = stored.staff_key_id
    if key_id is None or read_prescription(stored).not_after_s <= now_s:
        return None
    certificate = _certificate(session, stored.clinic_id, key_id)
    found = _revoked(session, stored.clinic_id, key_id)
    if found is None and _has_left(session, stored.clinic_id, certificate.subject):
        found = (Why.LEFT, None)
    if found is None and certificate.not_after_s <= now_s:
        found = (Why.ENDED, certificate.not_after_s)
    if found is None and certificate.not_after_s <= now_s + ahead_days * _DAY_S:
        found = (Why.ENDS, certificate.not_after_s)
    if found is None:
        return None
    return SignAgain(stored.patient_id, stored.hash, certificate.subject, *found)


def _revoked(session: Session, clinic_id: str, key_id: bytes) -> tuple[Why, int | None] | None:
    """Return the gravest that the root said of the key, in whatever order it said so."""
    said = session.scalars(
        select(StoredRevocation).where(
            StoredRevocation.clinic_id == clinic_id, StoredRevocation.key_id == key_id
        )
    ).all()
    if not said:
        return None
    stolen_s = [each.at_s for each in said if each.kind == int(RevocationKind.COMPROMISED)]
    if stolen_s:
        return Why.COMPROMISED, min(stolen_s)
    return Why.LEFT, min(each.until_s for each in said)


def _has_left(session: Session, clinic_id: str, signer: str) -> bool:
    """Return whether everybody of the signer's name has left.

    What signs is a key of the desk, which no account knows: the name that the root certified is
    all that both have. The root's revocation is what counts; this only comes before it.
    """
    left_ms = session.scalars(
        select(Member.left_ms).where(Member.clinic_id == clinic_id, Member.name == signer)
    ).all()
    return bool(left_ms) and None not in left_ms


def _certificate(session: Session, clinic_id: str, key_id: bytes) -> Certificate:
    stored = session.get_one(StoredCertificate, (clinic_id, key_id))
    root = PublicKey(session.get_one(Clinic, clinic_id).root_key)
    return sign1.verify(Certificate, stored.envelope, audience=clinic_id.encode(), key=root)
