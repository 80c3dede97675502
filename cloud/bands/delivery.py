"""Taking a band into the clinic's inventory, by the file that its maker delivers.

Judged against the maker's key that the clinic was created with; nothing else makes a band the
clinic's.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.models import Clinic
from cloud.errors import Refused
from cloud.patients.models import Device
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Purpose, Transfer
from shared.wire import fields
from shared.wire.delivery import Delivery
from shared.wire.errors import WireError

FILE_BYTES_MAX = 2048


def read_delivery(data: bytes) -> Delivery:
    """Return what a file says; raise Refused for one that is no delivery."""
    try:
        return fields.unpack(Delivery, data)
    except WireError as problem:
        raise Refused("This file is no band's delivery.", code="delivery") from problem


def take_in(session: Session, clinic: Clinic, delivery: Delivery, *, now_ms: int) -> Device:
    """Add a band to the clinic's; the same file once more changes nothing.

    Raise Refused where its maker's word doesn't hold, where it was given to another clinic, where a
    band of that serial is here, and for one that was retired: that is never taken again.
    """
    known = session.get(Device, (clinic.clinic_id, delivery.device_id))
    if known is not None and known.retired_ms is not None:
        raise Refused("This band was taken out of use. It isn't taken in again.", code="retired")
    key = _judged(clinic, delivery, now_ms=now_ms)
    if known is not None:
        return known
    same = select(Device).where(
        Device.clinic_id == clinic.clinic_id, Device.serial == delivery.serial
    )
    if session.scalar(same) is not None:
        raise Refused("Another band has the serial {serial}.", serial=delivery.serial)
    device = Device(
        clinic_id=clinic.clinic_id,
        device_id=delivery.device_id,
        serial=delivery.serial,
        public_key=key,
        certificate=delivery.certificate,
        transfer=delivery.transfer,
        patient_id=None,
        assignment=None,
        assignments=0,
        aside_ms=None,
        aside_why=None,
        retired_ms=None,
        retired_why=None,
    )
    session.add(device)
    session.flush()
    return device


def _judged(clinic: Clinic, delivery: Delivery, *, now_ms: int) -> bytes:
    maker = PublicKey(clinic.manufacturer_key)
    try:
        certificate = certificates.judge(
            delivery.certificate,
            purpose=Purpose.DEVICE,
            clinic_id=delivery.device_id,
            root=maker,
            now_s=now_ms // 1000,
        )
        transfer = sign1.verify(Transfer, delivery.transfer, audience=delivery.device_id, key=maker)
    except TrustError as problem:
        raise Refused(
            "The maker did not sign this: {why}.", code=problem.code, why=problem
        ) from problem
    if transfer.clinic_id != clinic.clinic_id.encode() or transfer.clinic_root != clinic.root_key:
        raise Refused("This band was given to another clinic.", code="clinic")
    return certificate.public_key
