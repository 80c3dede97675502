"""The table of whom patients let see something."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import BYTES, SealedRow, sealed
from cloud.vault.owners import Purpose


class Caregiver(SealedRow, Base):
    """Somebody close to one patient, as the newest word of the patient's phones has it.

    ``caregiver_id`` is made by the phone. ``staff_id`` is the same, once the person has come in:
    then they have passkeys and sign-ins as members have. ``shown`` are the numbers of
    `shared.care.caregiver.Shown` with commas. ``code_id`` and ``verifier`` are an invitation's that
    nobody has used. ``name`` is sealed to the care key inside.
    """

    __tablename__ = "caregivers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
        UniqueConstraint("clinic_id", "code_id", name="uq_caregivers_code"),
        Index("ix_caregivers_staff", "clinic_id", "staff_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    caregiver_id: Mapped[bytes] = mapped_column(primary_key=True)
    shown: Mapped[str]
    said_ms: Mapped[int]
    sealed_name: Mapped[bytes]
    code_id: Mapped[str | None]
    verifier: Mapped[bytes | None]
    code_until_ms: Mapped[int]
    wrong_tries: Mapped[int]
    staff_id: Mapped[bytes | None]
    joined_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]
    ended_by: Mapped[str]

    name = sealed(BYTES, Purpose.TRANSIT)
