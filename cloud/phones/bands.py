"""Whose bands a patient's phones may speak of: the one they have, and those they had.

A patient who got another band may hold records of the old one that were never sent. No delivered
pulse is ever missing from the record: so they're taken, each proven by its own band.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.patients.models import Device
from cloud.phones.models import Phone


def bands_of(session: Session, clinic_id: str, patient_id: bytes) -> dict[bytes, Device]:
    """Return the patient's bands by id: who has one, or had a phone enrolled for it."""
    enrolled = select(Phone.device_id).where(
        Phone.clinic_id == clinic_id, Phone.patient_id == patient_id
    )
    found = session.scalars(
        select(Device).where(
            Device.clinic_id == clinic_id,
            (Device.patient_id == patient_id) | Device.device_id.in_(enrolled),
        )
    )
    return {device.device_id: device for device in found}


class Enrolments:
    """For which of the patients' bands phones were enrolled, and when; asked once for each patient.

    A patient has the band that their newest phone was enrolled for.
    """

    def __init__(self, session: Session, clinic_id: str) -> None:
        self._session, self._clinic_id = session, clinic_id
        self._known: dict[bytes, list[tuple[int, bytes]]] = {}

    def replaced_ms(self, patient_id: bytes, device_id: bytes, at_ms: int) -> int | None:
        """Return since when the patient had another band instead of this, as of an instant; None
        where they hadn't, or never had this one before."""
        had, since_ms = False, None
        for enrolled_ms, enrolled_for in self._of(patient_id):
            if enrolled_ms >= at_ms:
                break
            if enrolled_for == device_id:
                had, since_ms = True, None
            elif had and since_ms is None:
                since_ms = enrolled_ms
        return since_ms

    def _of(self, patient_id: bytes) -> list[tuple[int, bytes]]:
        if patient_id not in self._known:
            rows = self._session.execute(
                select(Phone.enrolled_ms, Phone.device_id)
                .where(Phone.clinic_id == self._clinic_id, Phone.patient_id == patient_id)
                .order_by(Phone.enrolled_ms, Phone.number)
            )
            self._known[patient_id] = [(row.enrolled_ms, row.device_id) for row in rows]
        return self._known[patient_id]
