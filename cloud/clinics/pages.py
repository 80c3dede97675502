"""The clinic's page: its root, who may sign, its devices; certificates come in here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from cloud.clinics import certificates, service
from cloud.clinics.certificate_file import read_certificate
from cloud.dashboard.gates import reading, sending
from cloud.dashboard.parts import Acting, Parts, Sending
from cloud.language import day
from cloud.patients.models import Device
from cloud.people.authority import Act
from shared.trust import sign1
from shared.trust.keys import PublicKey
from shared.trust.statements import Certificate, Purpose

CERTIFICATE_BYTES_MAX = 4096
router = APIRouter()


@router.get("/clinic", dependencies=[reading(Act.READ_CLINIC)])
def clinic_page(
    dashboard: Parts, person: Acting, outcome: certificates.Outcome | None = None
) -> Response:
    """The clinic; ``outcome`` is that of a certificate which was added just now."""
    with dashboard.database.read(person.clinic_id) as session:
        clinic = service.clinic_of(session, person.clinic_id)
        stored = certificates.certificates_for(session, person.clinic_id, Purpose.STAFF)
        devices = session.scalars(
            select(Device).where(Device.clinic_id == person.clinic_id).order_by(Device.serial)
        ).all()
    root = PublicKey(clinic.root_key)
    staff = [
        sign1.verify(Certificate, c.envelope, audience=clinic.clinic_id.encode(), key=root)
        for c in stored
    ]
    return dashboard.page(
        "clinic.html",
        person,
        clinic=clinic,
        desk=dashboard.settings.desk_origin or clinic.desk_origin,
        root=root.fingerprint,
        staff=[
            (
                each,
                PublicKey(each.public_key).fingerprint,
                dashboard.times.day(each.not_after_s * 1000),
            )
            for each in staff
        ],
        devices=devices,
        outcome=outcome,
        day_said=day,
    )


@router.post("/clinic/certificates", dependencies=[sending(Act.ADD_CERTIFICATE)])
def add_certificate(
    dashboard: Parts, person: Sending, certificate: Annotated[UploadFile, File()]
) -> Response:
    """Take a certificate of a signing passkey in."""
    data = certificate.file.read(CERTIFICATE_BYTES_MAX)
    with dashboard.database.write(person.clinic_id) as session:
        clinic = service.clinic_of(session, person.clinic_id)
        added = certificates.add_certificate(
            session, clinic, read_certificate(data), now_ms=dashboard.clock.wall_ms()
        )
        subject = f"certificate/{PublicKey(added.certificate.public_key).key_id.hex()}"
        dashboard.note(session, person, "added a certificate", subject)
    return RedirectResponse(f"/clinic?outcome={added.outcome}", status_code=303)
