"""What stands in the band's verified record and in what was signed: bands, prescriptions,
signatures, sessions and doses."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from cloud.clinics.models import StoredCertificate
from cloud.fhir.elements import on_calendar, sayable
from cloud.fhir.gathering.asked import Asked, Mark, Page, page, rows
from cloud.fhir.resources.device import DeviceRecord
from cloud.fhir.resources.dose import DoseRecord
from cloud.fhir.resources.prescription import PrescriptionRecord
from cloud.fhir.resources.session import SessionRecord
from cloud.fhir.resources.signature import SignatureRecord
from cloud.ledger.models import DeliveredSession, LedgerChain
from cloud.patients.models import Device
from cloud.prescriptions.models import StoredPrescription
from cloud.times import LATEST_MS
from shared.dose.prescription import from_bytes
from shared.wire.record_types import CloseCause, SessionKind

_SESSIONS = (
    DeliveredSession.day,
    DeliveredSession.device_id,
    DeliveredSession.epoch,
    DeliveredSession.opened_number,
)
_PRESCRIPTIONS = (StoredPrescription.signed_ms, StoredPrescription.prescription_id)


def devices(session: Session, asked: Asked) -> Page[DeviceRecord]:
    """Return the bands that are the patient's, or whose record or prescription is."""
    clinic_id, patient_id = asked.clinic_id, asked.patient_id
    known = or_(
        Device.patient_id == patient_id,
        Device.device_id.in_(
            select(LedgerChain.device_id).where(
                LedgerChain.clinic_id == clinic_id, LedgerChain.patient_id == patient_id
            )
        ),
        Device.device_id.in_(
            select(StoredPrescription.device_id).where(
                StoredPrescription.clinic_id == clinic_id,
                StoredPrescription.patient_id == patient_id,
                StoredPrescription.signed_ms.is_not(None),
            )
        ),
    )
    wanted = select(Device).where(Device.clinic_id == clinic_id, known)
    if asked.after is not None:
        wanted = wanted.where(Device.device_id > asked.after[0])
    found = session.scalars(wanted.order_by(Device.device_id).limit(asked.limit))
    marked: list[tuple[Mark, Device]] = [((each.device_id,), each) for each in found]
    return page(
        marked,
        asked,
        lambda row: DeviceRecord(row.device_id, row.serial, row.patient_id == patient_id),
    )


def prescriptions(session: Session, asked: Asked) -> Page[PrescriptionRecord]:
    """Return what was signed; a draft is nobody's word yet."""
    replaced = _replaced(session, asked)
    return page(
        _signed(session, asked),
        asked,
        lambda row: PrescriptionRecord(
            prescription_id=row.prescription_id,
            data=row.data,
            drafted_by=row.drafted_by,
            signed_ms=min(row.signed_ms or 0, LATEST_MS),
            in_force_ms=on_calendar(row.in_force_ms),
            is_replaced=row.hash in replaced,
            threshold_method=sayable(row.threshold_method or "") or None,
            threshold_by=sayable(row.threshold_by or "") or None,
        ),
    )


def signatures(session: Session, asked: Asked) -> Page[SignatureRecord]:
    """Return the assertions over what was signed."""
    found = _signed(session, asked)
    keys = {row.staff_key_id for _, row in found if row.staff_key_id is not None}
    certificates = {
        each.key_id: each
        for each in session.scalars(
            select(StoredCertificate).where(
                StoredCertificate.clinic_id == asked.clinic_id, StoredCertificate.key_id.in_(keys)
            )
        )
    }
    return page(
        found, asked, lambda row: _signature(row, certificates.get(row.staff_key_id or b""))
    )


def sessions(session: Session, asked: Asked) -> Page[SessionRecord]:
    """Return the sessions that verified records tell of."""
    return page(_delivered(session, asked), asked, _session)


def doses(session: Session, asked: Asked) -> Page[DoseRecord]:
    """Return what those sessions gave."""
    return page(
        _delivered(session, asked),
        asked,
        lambda row: DoseRecord(
            device_id=row.device_id,
            epoch=row.epoch,
            opened_number=row.opened_number,
            opened_ms=on_calendar(row.opened_ms),
            planned_pulses=row.planned_pulses,
            charged_pulses=row.charged_pulses,
            planned_trains=row.planned_trains,
            trains=row.trains,
            percent_mso=row.percent_mso,
        ),
    )


def _signed(session: Session, asked: Asked) -> list[tuple[Mark, StoredPrescription]]:
    signed = StoredPrescription.signed_ms.is_not(None)
    inside = asked.within(StoredPrescription.signed_ms)
    return rows(session, StoredPrescription, asked, _PRESCRIPTIONS, signed, *inside)


def _replaced(session: Session, asked: Asked) -> frozenset[bytes]:
    """Return the hashes that a signed prescription of the patient's replaces."""
    found = session.scalars(
        select(StoredPrescription.data).where(
            StoredPrescription.clinic_id == asked.clinic_id,
            StoredPrescription.patient_id == asked.patient_id,
            StoredPrescription.signed_ms.is_not(None),
        )
    )
    replaced = (from_bytes(each).replaces_hash for each in found)
    return frozenset(each for each in replaced if each is not None)


def _signature(
    row: StoredPrescription, certificate: StoredCertificate | None
) -> SignatureRecord | None:
    if certificate is None or row.assertion is None:
        return None
    return SignatureRecord(
        prescription_hash=row.hash,
        assertion=row.assertion,
        certificate=certificate.envelope,
        key_id=certificate.key_id,
        signer=sayable(certificate.subject) or certificate.key_id.hex(),
        signed_ms=min(row.signed_ms or 0, LATEST_MS),
    )


def _delivered(session: Session, asked: Asked) -> list[tuple[Mark, DeliveredSession]]:
    inside = asked.within(DeliveredSession.opened_ms)
    return rows(session, DeliveredSession, asked, _SESSIONS, *inside)


def _session(row: DeliveredSession) -> SessionRecord:
    return SessionRecord(
        device_id=row.device_id,
        epoch=row.epoch,
        opened_number=row.opened_number,
        course_id=row.course_id,
        prescription_hash=row.prescription_hash,
        kind=SessionKind(row.kind),
        day=date.fromordinal(row.day),
        opened_ms=on_calendar(row.opened_ms),
        closed_ms=on_calendar(row.closed_ms),
        cause=None if row.cause is None else CloseCause(row.cause),
    )
