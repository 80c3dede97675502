"""The table of words that staff sign for one band beside prescriptions."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class StaffWord(Base):
    """A draft until ``signed_ms`` is set; the bytes never change.

    ``type`` says what it is (`shared.trust.staff_words`), ``digest`` is what a passkey signs (R18);
    ``record_number`` is of the band's record that says that it took the word.
    """

    __tablename__ = "staff_words"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "staff_key_id"], ["certificates.clinic_id", "certificates.key_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "drafted_by"], ["staff.clinic_id", "staff.staff_id"]),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_staff_words_patient", "clinic_id", "patient_id"),
        UniqueConstraint("clinic_id", "digest", name="uq_staff_words_digest"),
    )

    clinic_id: Mapped[str] = clinic_key()
    word_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    type: Mapped[str]
    data: Mapped[bytes]
    digest: Mapped[bytes]
    drafted_by: Mapped[bytes]
    drafted_ms: Mapped[int]
    assertion: Mapped[bytes | None]
    staff_key_id: Mapped[bytes | None]
    signed_ms: Mapped[int | None]
    cursor: Mapped[int | None]
    on_phone_ms: Mapped[int | None]
    record_number: Mapped[int | None]
    known_ms: Mapped[int | None]
