"""The clinic's word to a device: clearance and time, each over the device's own nonce."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cloud.clinics.certificates import certificate_of_key
from cloud.clinics.revocations import newest_revocation
from cloud.errors import NotAllowed, Refused
from cloud.holds.service import newest_number
from cloud.patients.models import Device
from cloud.phones.models import Phone
from cloud.prescriptions.models import StoredPrescription
from shared.trust import sign1
from shared.trust.keys import SoftwareKey
from shared.trust.statements import NONCE_BYTES, Clearance, TimeToken


def clearance(
    session: Session, phone: Phone, device_id: bytes, nonce: bytes, key: SoftwareKey, *, now_ms: int
) -> tuple[bytes, bytes]:
    """Return "no newer version or hold than these" (R20), and the key's certificate.

    Raise NotAllowed for a band that another one has replaced, or that is out of use.
    """
    _check(phone, device_id, nonce)
    device = session.get_one(Device, (phone.clinic_id, device_id))
    if device.patient_id != phone.patient_id or device.retired_ms is not None:
        raise NotAllowed("This band isn't its patient's any more.")
    serial = session.scalar(
        select(func.max(StoredPrescription.serial)).where(
            StoredPrescription.clinic_id == phone.clinic_id,
            StoredPrescription.device_id == device_id,
            StoredPrescription.patient_id == phone.patient_id,
            StoredPrescription.signed_ms.is_not(None),
        )
    )
    statement = Clearance(
        nonce=nonce,
        issued_s=now_ms // 1000,
        newest_serial=serial or 0,
        newest_hold=newest_number(session, phone.clinic_id, device_id),
        newest_revocation=newest_revocation(session, phone.clinic_id),
    )
    certificate = certificate_of_key(session, phone.clinic_id, key.public_key.key_id)
    return sign1.sign(statement, audience=device_id, signer=key), certificate


def time_token(
    session: Session, phone: Phone, device_id: bytes, nonce: bytes, key: SoftwareKey, *, now_ms: int
) -> tuple[bytes, bytes]:
    """Return the clinic's time (R7), and the key's certificate."""
    _check(phone, device_id, nonce)
    certificate = certificate_of_key(session, phone.clinic_id, key.public_key.key_id)
    return sign1.sign(TimeToken(nonce, now_ms), audience=device_id, signer=key), certificate


def _check(phone: Phone, device_id: bytes, nonce: bytes) -> None:
    if device_id != phone.device_id:
        raise NotAllowed("This device is not the one of this phone's patient.")
    if len(nonce) != NONCE_BYTES:
        raise Refused(f"A nonce has {NONCE_BYTES} bytes.", code="nonce")
