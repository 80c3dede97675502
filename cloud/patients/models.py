"""Tables of patients and of the devices in the clinic's hands."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Patient(Base):
    """A patient of the clinic, with the vault key that seals the session logs."""

    __tablename__ = "patients"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "vault_key_id"], ["certificates.clinic_id", "certificates.key_id"]
        ),
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    birth_date: Mapped[date]
    indication: Mapped[str]
    initials: Mapped[str]
    vault_key_id: Mapped[bytes]
    created_ms: Mapped[int]


class Device(Base):
    """A stimulator: the maker's certificate and transfer, and whose it is now."""

    __tablename__ = "devices"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_devices_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    serial: Mapped[str]
    public_key: Mapped[bytes]
    certificate: Mapped[bytes]
    transfer: Mapped[bytes]
    patient_id: Mapped[bytes | None]
    assignment: Mapped[bytes | None]
    assignments: Mapped[int]
