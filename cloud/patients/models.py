"""Tables of patients and of the devices in the clinic's hands."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import DAY, ERASED, MAYBE_BYTES, MAYBE_TEXT, TEXT, SealedRow, sealed
from cloud.vault.owners import Purpose


class Patient(SealedRow, Base):
    """A patient of the clinic, with the vault key that seals the session logs.

    ``erased_ms`` is when the patient's keys were destroyed.
    """

    __tablename__ = "patients"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "vault_key_id"], ["certificates.clinic_id", "certificates.key_id"]
        ),
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    sealed_name: Mapped[bytes]
    sealed_birth_date: Mapped[bytes]
    sealed_indication: Mapped[bytes]
    sealed_initials: Mapped[bytes]
    sealed_telephone: Mapped[bytes | None]
    vault_key_id: Mapped[bytes]
    created_ms: Mapped[int]
    erased_ms: Mapped[int | None]

    name = sealed(TEXT, Purpose.DATA)
    birth_date = sealed(DAY, Purpose.DATA)
    indication = sealed(TEXT, Purpose.DATA)
    initials = sealed(TEXT, Purpose.DATA)
    telephone = sealed(MAYBE_TEXT, Purpose.DATA)

    @property
    def is_erased(self) -> bool:
        """Whether nothing of the patient opens any more, whatever an old backup says."""
        return self.erased_ms is not None or (self.birth_date is None and self.name == ERASED)


class Device(SealedRow, Base):
    """A stimulator: the maker's certificate and transfer, and whose it is now.

    ``aside_ms`` is since when another band has taken its place: nobody gets it, for its own record
    still says whose it was. ``retired_ms`` is since when it's out of use for good. Both say why.
    """

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
    sealed_assignment: Mapped[bytes | None]
    assignments: Mapped[int]
    aside_ms: Mapped[int | None]
    aside_why: Mapped[str | None]
    retired_ms: Mapped[int | None]
    retired_why: Mapped[str | None]

    assignment = sealed(MAYBE_BYTES, Purpose.TRANSIT)

    @property
    def is_free(self) -> bool:
        """Whether it may be given to a patient."""
        return self.patient_id is None and self.aside_ms is None and self.retired_ms is None
