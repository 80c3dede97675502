"""Enrolling a phone by a one-time code (R22): the enrolment key says whose app and device it is."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.clinics.service import certificate_of_key, certificates_for, clinic_of
from cloud.errors import Refused
from cloud.patients.models import Device, Patient
from cloud.phones.codes import code_hash, new_code, read_code
from cloud.phones.models import EnrolmentCode, Phone
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Assignment, Enrolment, Purpose

CODE_MS = 14 * 86_400_000
WRONG_DATES_MAX = 5
ENROLMENT_S = 365 * 86_400
_UNKNOWN = "This code does not open an enrolment. Check code and birth date, or ask your clinic."


@dataclass(frozen=True)
class Application:
    """What a phone says to be enrolled."""

    code: str
    birth_date: date
    app_key: bytes
    request_key: bytes


@dataclass(frozen=True)
class Enrolled:
    """Everything that an enrolled phone is given."""

    clinic: Clinic
    patient: Patient
    device: Device
    phone: Phone
    certificates: tuple[bytes, ...]
    vault_certificate: bytes
    care_certificate: bytes


def issue_code(
    session: Session, clinic_id: str, patient_id: bytes, device_id: bytes, *, now_ms: int
) -> str:
    """Return a fresh one-time code for this patient's phone."""
    code = new_code(clinic_id)
    secret = code.removeprefix(f"{clinic_id}-")
    session.add(
        EnrolmentCode(
            clinic_id=clinic_id,
            code_hash=code_hash(clinic_id, secret),
            patient_id=patient_id,
            device_id=device_id,
            expires_ms=now_ms + CODE_MS,
            wrong_dates=0,
            used_ms=None,
        )
    )
    return code


def clinic_of_code(code: str) -> str:
    """Return the clinic that a typed code names; raise Refused for no code's form."""
    parts = read_code(code)
    if parts is None:
        raise Refused(_UNKNOWN, code="code_unknown")
    return parts[0]


def open_code(session: Session, application: Application, *, now_ms: int) -> EnrolmentCode:
    """Return the code if it holds; a wrong birth date is counted, so commit what this changes."""
    parts = read_code(application.code)
    found = parts and session.scalar(
        select(EnrolmentCode)
        .where(EnrolmentCode.clinic_id == parts[0], EnrolmentCode.code_hash == parts[1])
        .with_for_update()
    )
    if not found or found.wrong_dates >= WRONG_DATES_MAX:
        raise Refused(_UNKNOWN, code="code_unknown")
    patient = session.get_one(Patient, (found.clinic_id, found.patient_id))
    if patient.birth_date != application.birth_date:
        found.wrong_dates += 1
        session.commit()
        raise Refused(_UNKNOWN, code="code_unknown")
    if found.used_ms is not None:
        raise Refused(
            "This code was already used. Ask your clinic for a new one.", code="code_used"
        )
    if now_ms > found.expires_ms:
        raise Refused("This code has expired. Ask your clinic for a new one.", code="code_expired")
    return found


def enrol(
    session: Session,
    code: EnrolmentCode,
    application: Application,
    key: SoftwareKey,
    *,
    now_ms: int,
) -> Enrolled:
    """Use the code up and enrol the phone; ``key`` is the clinic's enrolment key."""
    app_key, request_key = _public(application.app_key), _public(application.request_key)
    if app_key == request_key:
        raise Refused("The app's two keys must differ.", code="keys")
    clinic = clinic_of(session, code.clinic_id)
    patient = session.get_one(Patient, (code.clinic_id, code.patient_id))
    device = session.get_one(Device, (code.clinic_id, code.device_id))
    if device.patient_id != patient.patient_id:
        raise Refused("This code's device belongs to somebody else now.", code="code_unknown")
    own = certificate_of_key(session, clinic.clinic_id, key.public_key.key_id)
    _assign(device, patient, key)
    phone = _phone(session, code, app_key, request_key, key, now_ms=now_ms)
    code.used_ms = now_ms
    return Enrolled(
        clinic=clinic,
        patient=patient,
        device=device,
        phone=phone,
        certificates=(own, *_public_certificates(session, clinic.clinic_id)),
        vault_certificate=certificate_of_key(session, clinic.clinic_id, patient.vault_key_id),
        care_certificate=_one(session, clinic.clinic_id, Purpose.CARE),
    )


def _assign(device: Device, patient: Patient, key: SoftwareKey) -> None:
    if device.assignment is not None:
        return
    device.assignments += 1
    statement = Assignment(patient.patient_id, patient.initials, device.assignments)
    device.assignment = sign1.sign(statement, audience=device.device_id, signer=key)


def _phone(
    session: Session,
    code: EnrolmentCode,
    app_key: bytes,
    request_key: bytes,
    key: SoftwareKey,
    *,
    now_ms: int,
) -> Phone:
    number = 1 + (
        session.scalar(
            select(func.max(Phone.number)).where(
                Phone.clinic_id == code.clinic_id, Phone.device_id == code.device_id
            )
        )
        or 0
    )
    now_s = now_ms // 1000
    statement = Enrolment(app_key, request_key, code.patient_id, number, now_s, now_s + ENROLMENT_S)
    phone = Phone(
        clinic_id=code.clinic_id,
        phone_id=secrets.token_bytes(16),
        patient_id=code.patient_id,
        device_id=code.device_id,
        app_key=app_key,
        request_key=request_key,
        enrolment=sign1.sign(statement, audience=code.device_id, signer=key),
        number=number,
        enrolled_ms=now_ms,
        seen_ms=now_ms,
        cursor=0,
        revoked_ms=None,
        cleared_ms=None,
    )
    session.add(phone)
    session.flush()
    return phone


def _public_certificates(session: Session, clinic_id: str) -> tuple[bytes, ...]:
    purposes = (Purpose.TIME, Purpose.CLEARANCE, Purpose.HOLD, Purpose.RECEIPT)
    found = (certificates_for(session, clinic_id, purpose) for purpose in purposes)
    return tuple(group[0].envelope for group in found if group)


def _one(session: Session, clinic_id: str, purpose: Purpose) -> bytes:
    found = certificates_for(session, clinic_id, purpose)
    if not found:
        raise Refused("Your clinic is not set up yet.", code="not_set_up")
    return found[0].envelope


def _public(data: bytes) -> bytes:
    try:
        return PublicKey(data).data
    except TrustError as problem:
        raise Refused("The app's key is not readable.", code="keys") from problem
