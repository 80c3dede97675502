"""Enrolling a phone by a one-time code (R22): the enrolment key says whose app and device it is."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.clinics.certificates import certificate_of_key, certificates_for
from cloud.clinics.models import Clinic
from cloud.clinics.service import clinic_of
from cloud.errors import NotFound, Refused
from cloud.patients.models import Device, Patient
from cloud.phones.codes import Code, Derived, derive, new_code, read_code
from cloud.phones.models import EnrolmentCode, Phone
from shared.trust import sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, SoftwareKey
from shared.trust.statements import Assignment, Enrolment, Purpose

CODE_MS = 14 * 86_400_000
WRONG_TRIES_MAX = 5
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
    initials: str
    device: Device
    phone: Phone
    certificates: tuple[bytes, ...]
    vault_certificate: bytes
    care_certificate: bytes


def issue_code(session: Session, patient: Patient, device_id: bytes, *, now_ms: int) -> str:
    """Return a fresh one-time code for this patient's phone."""
    clinic_id, birth_date = patient.clinic_id, patient.birth_date
    if birth_date is None:
        raise Refused("Without a birth date there is no code.", code="birth_date")
    text, code = _unused(session, clinic_id)
    derived = derive(code, birth_date)
    session.add(
        EnrolmentCode(
            clinic_id=clinic_id,
            code_id=code.code_id,
            verifier=derived.verifier,
            sealed_initials=derived.seal(patient.initials),
            patient_id=patient.patient_id,
            device_id=device_id,
            expires_ms=now_ms + CODE_MS,
            wrong_tries=0,
            used_ms=None,
        )
    )
    return text


def _unused(session: Session, clinic_id: str) -> tuple[str, Code]:
    """Return a code whose first group no other has had."""
    while True:
        text = new_code(clinic_id)
        code = read_code(text)
        assert code is not None
        if session.get(EnrolmentCode, (clinic_id, code.code_id)) is None:
            return text, code


def code_of(application: Application) -> Code:
    """Return the code as it was typed; raise Refused for no code's form."""
    code = read_code(application.code)
    if code is None:
        raise Refused(_UNKNOWN, code="code_unknown")
    return code


def open_code(session: Session, code: Code, derived: Derived, *, now_ms: int) -> EnrolmentCode:
    """Return the code if it holds; a wrong try is counted, so commit what this changes.

    ``derived`` is made of code and birth date before the transaction, whether there is such a code
    or not: the answer takes as long either way.
    """
    own = (EnrolmentCode.clinic_id == code.clinic_id, EnrolmentCode.code_id == code.code_id)
    patient_id = session.scalar(select(EnrolmentCode.patient_id).where(*own))
    if patient_id is not None:
        # Before the code, as an erasure does: neither waits for the other for ever.
        locked_patient(session, code.clinic_id, patient_id)
    found = session.scalar(select(EnrolmentCode).where(*own).with_for_update())
    if not found or found.wrong_tries >= WRONG_TRIES_MAX:
        raise Refused(_UNKNOWN, code="code_unknown")
    if not hmac.compare_digest(found.verifier, derived.verifier):
        found.wrong_tries += 1
        session.commit()
        raise Refused(_UNKNOWN, code="code_unknown")
    if found.used_ms is not None:
        raise Refused(
            "This code was already used. Ask your clinic for a new one.", code="code_used"
        )
    if now_ms > found.expires_ms:
        raise Refused("This code has expired. Ask your clinic for a new one.", code="code_expired")
    return found


def locked_patient(session: Session, clinic_id: str, patient_id: bytes) -> Patient:
    """Return the patient as they are now, locked until the transaction ends against enrolment and
    erasure; rows about them come in meanwhile. Raise NotFound for no patient of this clinic."""
    found = session.get(
        Patient,
        (clinic_id, patient_id),
        with_for_update={"key_share": True},
        populate_existing=True,
    )
    if found is None:
        raise NotFound("There is no such patient in your clinic.")
    return found


def enrol(
    session: Session,
    code: EnrolmentCode,
    application: Application,
    derived: Derived,
    key: SoftwareKey,
    *,
    now_ms: int,
) -> Enrolled:
    """Use the code up and enrol the phone; ``key`` is the clinic's enrolment key.

    Who the patient is stays unread: the initials come out of the code itself.
    """
    initials = derived.open(code.sealed_initials)
    if initials is None:
        raise Refused(_UNKNOWN, code="code_unknown")
    app_key, request_key = _public(application.app_key), _public(application.request_key)
    if app_key == request_key:
        raise Refused("The app's two keys must differ.", code="keys")
    clinic = clinic_of(session, code.clinic_id)
    patient = locked_patient(session, code.clinic_id, code.patient_id)
    if patient.erased_ms is not None:
        raise Refused(_UNKNOWN, code="code_unknown")
    device = session.get_one(Device, (code.clinic_id, code.device_id))
    if device.patient_id != patient.patient_id or device.retired_ms is not None:
        raise Refused("This code's device belongs to somebody else now.", code="code_unknown")
    own = certificate_of_key(session, clinic.clinic_id, key.public_key.key_id)
    _assign(device, patient.patient_id, initials, key)
    phone = _phone(session, code, app_key, request_key, key, now_ms=now_ms)
    code.used_ms = now_ms
    return Enrolled(
        clinic=clinic,
        patient=patient,
        initials=initials,
        device=device,
        phone=phone,
        certificates=(own, *_public_certificates(session, clinic.clinic_id)),
        vault_certificate=certificate_of_key(session, clinic.clinic_id, patient.vault_key_id),
        care_certificate=_one(session, clinic.clinic_id, Purpose.CARE),
    )


def _assign(device: Device, patient_id: bytes, initials: str, key: SoftwareKey) -> None:
    # One that was sealed for whoever had the band before opens no more: the new one gets theirs.
    if device.assignment is not None:
        return
    device.assignments += 1
    statement = Assignment(patient_id, initials, device.assignments)
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
