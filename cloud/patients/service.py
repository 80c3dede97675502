"""Enrolling patients and finding them again, within one clinic."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.certificates import certificates_for
from cloud.clock import instant
from cloud.errors import NotFound, Refused
from cloud.patients.models import Device, Patient
from cloud.phones.enrolment import issue_code
from cloud.vault.errors import Damaged, KeyDestroyed
from cloud.vault.fields import vault_in
from shared.trust.statements import Purpose

NAME_MAX = 80
INITIALS_MAX = 4
OLDEST_YEARS = 120


@dataclass(frozen=True)
class NewPatient:
    """What a clinician says to enrol somebody."""

    name: str
    birth_date: date
    device_id: bytes
    indication: str


def enrol(session: Session, clinic_id: str, new: NewPatient, *, now_ms: int) -> Patient:
    """Add a patient, with a device of the inventory and a vault key of their own."""
    name = checked_name(new.name)
    check_birth_date(new.birth_date, now_ms=now_ms)
    device = session.get(Device, (clinic_id, new.device_id))
    if device is None or not device.is_free:
        raise Refused("This device is not free. Choose another.", code="device")
    patient_id = secrets.token_bytes(16)
    vault_in(session).admit(clinic_id, patient_id)
    patient = Patient(
        clinic_id=clinic_id,
        patient_id=patient_id,
        name=name,
        birth_date=new.birth_date,
        indication=new.indication,
        initials=initials(name),
        vault_key_id=_free_vault_key(session, clinic_id),
        created_ms=now_ms,
        erased_ms=None,
    )
    session.add(patient)
    session.flush()
    device.patient_id = patient.patient_id
    return patient


def checked_name(text: str) -> str:
    """Return a patient's name with single spaces; raise Refused for one that is empty or too
    long."""
    name = " ".join(text.split())
    if not name or len(name) > NAME_MAX:
        raise Refused("A name has 1 to {most} characters.", code="name", most=NAME_MAX)
    return name


def check_birth_date(birth_date: date, *, now_ms: int) -> None:
    """Raise Refused for a birth date outside a lifetime."""
    if not 0 <= age(birth_date, instant(now_ms).date()) <= OLDEST_YEARS:
        raise Refused("The birth date lies outside a lifetime.", code="birth_date")


def new_code(session: Session, clinic_id: str, patient_id: bytes, *, now_ms: int) -> str:
    """Return a fresh one-time code for the patient's phone."""
    patient = patient_here(session, clinic_id, patient_id)
    device = device_of(session, clinic_id, patient_id)
    if device.retired_ms is not None:
        raise Refused("This patient's band is out of use. Give them another one first.")
    return issue_code(session, patient, device.device_id, now_ms=now_ms)


def patient_of(session: Session, clinic_id: str, patient_id: bytes) -> Patient:
    """Return the clinic's patient; the same NotFound whether unknown or another clinic's."""
    patient = session.get(Patient, (clinic_id, patient_id))
    if patient is None:
        raise NotFound("There is no such patient in your clinic.")
    return patient


def here(session: Session, patient: Patient) -> Patient:
    """Return the patient; raise KeyDestroyed for one who was erased, KeyMissing or Damaged for one
    of whom a key is not whole, whatever it is for: nothing is done with them."""
    if patient.is_erased:
        raise KeyDestroyed("This patient was erased.")
    vault_in(session).check(patient.clinic_id, patient.patient_id)
    if patient.birth_date is None:
        raise Damaged("What is kept of this patient is not readable.")
    return patient


def patient_here(session: Session, clinic_id: str, patient_id: bytes) -> Patient:
    """Return the clinic's patient with whom something may be done; raise as both of the above."""
    return here(session, patient_of(session, clinic_id, patient_id))


def device_of(session: Session, clinic_id: str, patient_id: bytes) -> Device:
    """Return the patient's device."""
    device = device_if_any(session, clinic_id, patient_id)
    if device is None:
        raise NotFound("This patient has no device.")
    return device


def device_if_any(session: Session, clinic_id: str, patient_id: bytes) -> Device | None:
    """Return the patient's device, None for who has none."""
    return session.scalar(
        select(Device).where(Device.clinic_id == clinic_id, Device.patient_id == patient_id)
    )


def free_devices(session: Session, clinic_id: str) -> tuple[Device, ...]:
    """Return the devices of the inventory that nobody has."""
    found = session.scalars(
        select(Device)
        .where(Device.clinic_id == clinic_id, Device.patient_id.is_(None))
        .order_by(Device.serial)
    )
    return tuple(each for each in found if each.is_free)


def all_patients(session: Session, clinic_id: str) -> tuple[Patient, ...]:
    """Return the clinic's patients by name; who was erased is not among them."""
    found = session.scalars(
        select(Patient).where(Patient.clinic_id == clinic_id, Patient.erased_ms.is_(None))
    )
    return tuple(sorted(found, key=lambda each: (each.name, each.patient_id)))


def initials(name: str) -> str:
    """Return what the band shows of a name."""
    return "".join(word[0].upper() for word in name.split())[:INITIALS_MAX]


def age_of(patient: Patient, today: date) -> int | None:
    """Return whole years; None of who was erased."""
    return None if patient.birth_date is None else age(patient.birth_date, today)


def age(birth_date: date, today: date) -> int:
    """Return whole years."""
    before = (today.month, today.day) < (birth_date.month, birth_date.day)
    return today.year - birth_date.year - before


def _free_vault_key(session: Session, clinic_id: str) -> bytes:
    used = set(session.scalars(select(Patient.vault_key_id).where(Patient.clinic_id == clinic_id)))
    for certificate in certificates_for(session, clinic_id, Purpose.VAULT):
        if certificate.key_id not in used:
            return certificate.key_id
    raise Refused(
        "No certified vault key is left. Make more with circlet-root and add their certificates.",
        code="vault",
    )
