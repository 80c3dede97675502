"""Tables of holds: asked, on the phone, in force."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Hold(Base):
    """A hold that a person asked for; ``number`` counts the clinic's holds for this device.

    ``recall_id`` is the recall that it was asked for, if any. ``joined_id`` is the hold whose count
    it joined on the band, which had no room for it: it ends with that one (R21). ``ended_ms`` is
    when the clinic read in the band's own record that it was over.
    """

    __tablename__ = "holds"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        Index("ix_holds_patient", "clinic_id", "patient_id"),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "asked_by"], ["staff.clinic_id", "staff.staff_id"]),
        UniqueConstraint("clinic_id", "device_id", "number", name="uq_holds_number"),
    )

    clinic_id: Mapped[str] = clinic_key()
    hold_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    number: Mapped[int]
    kind: Mapped[int]
    reason: Mapped[str]
    asked_by: Mapped[bytes]
    asked_ms: Mapped[int]
    recall_id: Mapped[bytes | None]
    cursor: Mapped[int | None]
    signed_ms: Mapped[int | None]
    on_phone_ms: Mapped[int | None]
    in_force_ms: Mapped[int | None]
    record_number: Mapped[int | None]
    joined_id: Mapped[bytes | None]
    ended_ms: Mapped[int | None]


class HoldConfirmation(Base):
    """A rest on the band that a person at the clinic keeps until somebody lifts it (R21).

    ``hold_id`` is the rest's, whoever placed it; ``record_number`` is of the band's record that
    says so.
    """

    __tablename__ = "hold_confirmations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "asked_by"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_hold_confirmations_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    hold_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    asked_by: Mapped[bytes]
    asked_ms: Mapped[int]
    cursor: Mapped[int | None]
    signed_ms: Mapped[int | None]
    on_phone_ms: Mapped[int | None]
    record_number: Mapped[int | None]
    known_ms: Mapped[int | None]
