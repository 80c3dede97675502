"""Setting up a clinic, and keeping the certificates that its root issued."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.identity import DeviceFiles, Identity
from cloud.clinics.models import Clinic, StoredCertificate
from cloud.errors import NotFound, Refused, SetupError
from cloud.patients.models import Device
from shared.trust import certificates, sign1
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Purpose, Transfer


def create_clinic(session: Session, identity: Identity, *, now_ms: int) -> Clinic:
    """Store a clinic with its devices and certificates, every signature checked."""
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


def locked_clinic(session: Session, clinic_id: str) -> Clinic:
    """Return the clinic, locked until the transaction ends: what counts up per clinic waits."""
    clinic = session.scalar(select(Clinic).where(Clinic.clinic_id == clinic_id).with_for_update())
    if clinic is None:
        raise NotFound("there is no such clinic here")
    return clinic


def add_certificate(
    session: Session, clinic: Clinic, envelope: bytes, *, now_ms: int
) -> Certificate:
    """Store a certificate by the clinic's root; the same one again changes nothing."""
    try:
        found = sign1.verify(
            Certificate,
            envelope,
            audience=clinic.clinic_id.encode(),
            key=PublicKey(clinic.root_key),
        )
    except TrustError as problem:
        raise Refused(f"The clinic's root did not issue this: {problem}.", code=problem.code) from (
            problem
        )
    key_id = certificates.key_of(found).key_id
    if session.get(StoredCertificate, (clinic.clinic_id, key_id)) is None:
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
    return found


def certificates_for(
    session: Session, clinic_id: str, purpose: Purpose
) -> tuple[StoredCertificate, ...]:
    """Return the clinic's certificates of one purpose, the newest first."""
    found = session.scalars(
        select(StoredCertificate)
        .where(StoredCertificate.clinic_id == clinic_id)
        .where(StoredCertificate.purpose == int(purpose))
        .order_by(StoredCertificate.added_ms.desc(), StoredCertificate.subject)
    )
    return tuple(found)


def certificate_of_key(session: Session, clinic_id: str, key_id: bytes) -> bytes:
    """Return the envelope that certifies one key; raise SetupError when there is none."""
    found = session.get(StoredCertificate, (clinic_id, key_id))
    if found is None:
        raise SetupError(f"no certificate of {clinic_id} for the key {key_id.hex()}")
    return found.envelope


def _add_device(session: Session, clinic: Clinic, files: DeviceFiles, *, now_ms: int) -> None:
    maker = PublicKey(clinic.manufacturer_key)
    try:
        certificate = certificates.judge(
            files.certificate,
            purpose=Purpose.DEVICE,
            clinic_id=files.device_id,
            root=maker,
            now_s=now_ms // 1000,
        )
        transfer = sign1.verify(Transfer, files.transfer, audience=files.device_id, key=maker)
    except TrustError as problem:
        raise SetupError(f"the device {files.name}: {problem}") from problem
    if transfer.clinic_id != clinic.clinic_id.encode() or transfer.clinic_root != clinic.root_key:
        raise SetupError(f"the device {files.name} was given to another clinic")
    session.add(
        Device(
            clinic_id=clinic.clinic_id,
            device_id=files.device_id,
            serial=files.name,
            public_key=certificate.public_key,
            certificate=files.certificate,
            transfer=files.transfer,
            patient_id=None,
            assignment=None,
            assignments=0,
        )
    )
