"""Whose a key is, and for what: each patient has one for each purpose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.trust.clinic_ids import is_clinic_id

PATIENT_ID_BYTES = 16


class Purpose(StrEnum):
    """What a key seals. ``TRANSIT`` is for what passes through ingest, ``DATA`` for what was opened
    and for who the patient is; ingest has no key of the second."""

    TRANSIT = "transit"
    DATA = "data"


@dataclass(frozen=True)
class Owner:
    """One patient of one clinic, and the purpose of the key; raise ValueError for no such ids."""

    clinic_id: str
    patient_id: bytes
    purpose: Purpose

    def __post_init__(self) -> None:
        if not is_clinic_id(self.clinic_id):
            raise ValueError(f"clinic_id: {self.clinic_id!r:.40} is no clinic's id")
        if not 1 <= len(self.patient_id) <= PATIENT_ID_BYTES:
            raise ValueError(f"patient_id: has not 1 to {PATIENT_ID_BYTES} bytes")

    def __str__(self) -> str:
        return f"{self.purpose} key of patient {self.patient_id.hex()} of {self.clinic_id}"
