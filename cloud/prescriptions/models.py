"""Tables of prescriptions: canonical bytes, and the assertion once the desk signed them."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class StoredPrescription(Base):
    """A draft until ``signed_ms`` is set; the bytes never change.

    ``digest`` is what a passkey signs (R18), ``hash`` what records name (the bytes' SHA-256).
    ``cursor`` is its place in the phone's queue, ``in_force_ms`` when the band installed it by its
    own record ``record_number``, ``known_ms`` when the clinic had verified that. A version that
    brings a threshold measured anew says how and by whom of the staff it was.
    """

    __tablename__ = "prescriptions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "staff_key_id"], ["certificates.clinic_id", "certificates.key_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "drafted_by"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_prescriptions_patient", "clinic_id", "patient_id"),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        UniqueConstraint("clinic_id", "digest", name="uq_prescriptions_digest"),
    )

    clinic_id: Mapped[str] = clinic_key()
    prescription_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    serial: Mapped[int]
    protocol_id: Mapped[str]
    data: Mapped[bytes]
    digest: Mapped[bytes]
    hash: Mapped[bytes]
    drafted_by: Mapped[bytes]
    drafted_ms: Mapped[int]
    assertion: Mapped[bytes | None]
    staff_key_id: Mapped[bytes | None]
    signed_ms: Mapped[int | None]
    in_force_ms: Mapped[int | None]
    cursor: Mapped[int | None]
    on_phone_ms: Mapped[int | None]
    record_number: Mapped[int | None]
    known_ms: Mapped[int | None]
    threshold_method: Mapped[str | None]
    threshold_by: Mapped[str | None]
