"""Tables of recalls: which bands the clinic stopped for the maker, and which of them were meant."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Recall(Base):
    """A recall that the clinic acts on: by a range of serials, a firmware, or both.

    ``ended_ms`` is None until whoever runs the server says that it is over.
    """

    __tablename__ = "recalls"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    recall_id: Mapped[bytes] = mapped_column(primary_key=True)
    first_serial: Mapped[str | None]
    last_serial: Mapped[str | None]
    firmware: Mapped[str | None]
    begun_ms: Mapped[int]
    ended_ms: Mapped[int | None]


class RecalledBand(Base):
    """A band that a recall means, kept also when it is somebody else's, or nobody's, by now.

    ``patient_id`` is who had it when it was found, None for a band that nobody had; ``told_ms`` is
    when they were told last.
    """

    __tablename__ = "recalled_bands"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "recall_id"], ["recalls.clinic_id", "recalls.recall_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_recalled_bands_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    recall_id: Mapped[bytes] = mapped_column(primary_key=True)
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes | None]
    found_ms: Mapped[int]
    told_ms: Mapped[int | None]
