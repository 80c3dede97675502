"""Setting up a clinic."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.bands.delivery import take_in
from cloud.clinics.certificates import add_certificate
from cloud.clinics.identity import DeviceFiles, Identity
from cloud.clinics.models import Clinic
from cloud.errors import NotFound, Refused, SetupError
from shared.trust.keys import PublicKey
from shared.wire.delivery import Delivery


def create_clinic(
    session: Session, identity: Identity, *, now_ms: int, made_up: bool = False
) -> Clinic:
    """Store a clinic with its devices and certificates, every signature checked.

    Only a demonstration's may be ``made_up``: its pages say so for ever.
    """
    if made_up and not identity.demo:
        raise SetupError("only a clinic with a demonstration's roots can be made up")
    if session.get(Clinic, identity.clinic_id) is not None:
        raise SetupError(f"the clinic {identity.clinic_id} is already there")
    clinic = Clinic(
        clinic_id=identity.clinic_id,
        name=identity.name,
        root_key=PublicKey(identity.root_key).data,
        recovery_key=PublicKey(identity.recovery_key).data,
        manufacturer_key=PublicKey(identity.manufacturer_key).data,
        desk_rp_id=identity.desk_rp_id,
        desk_origin=identity.desk_origin,
        demo=identity.demo,
        made_up=made_up,
        created_ms=now_ms,
    )
    session.add(clinic)
    session.flush()
    for envelope in identity.certificates:
        add_certificate(session, clinic, envelope, now_ms=now_ms)
    for device in identity.devices:
        _add_device(session, clinic, device, now_ms=now_ms)
    return clinic


def clinic_of(session: Session, clinic_id: str) -> Clinic:
    """Return the clinic; raise NotFound."""
    clinic = session.get(Clinic, clinic_id)
    if clinic is None:
        raise NotFound("there is no such clinic here")
    return clinic


def what_it_is(session: Session, clinic_id: str) -> str:
    """Return what an export of a made-up clinic is said to be; empty for any other."""
    return "; made-up data, nobody in it is real" if is_made_up(session, clinic_id) else ""


def is_made_up(session: Session, clinic_id: str) -> bool:
    """Return whether nobody in the clinic is real; raise NotFound."""
    return clinic_of(session, clinic_id).made_up


def locked_clinic(session: Session, clinic_id: str) -> Clinic:
    """Return the clinic, locked until the transaction ends: what counts up per clinic waits.

    Rows that refer to the clinic are inserted meanwhile. A lock against those too would stop two
    transactions for ever that have each inserted one and now lock.
    """
    clinic = session.scalar(
        select(Clinic).where(Clinic.clinic_id == clinic_id).with_for_update(key_share=True)
    )
    if clinic is None:
        raise NotFound("there is no such clinic here")
    return clinic


def _add_device(session: Session, clinic: Clinic, files: DeviceFiles, *, now_ms: int) -> None:
    delivery = Delivery(files.device_id, files.name, files.certificate, files.transfer)
    try:
        take_in(session, clinic, delivery, now_ms=now_ms)
    except Refused as problem:
        raise SetupError(f"the device {files.name}: {problem}") from problem
