"""Tables of doses by day, whose sums are weeks and courses, and of days that were closed."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class DoseDay(Base):
    """A patient's pulses of one course on one day, in the pages' time zone.

    ``day`` is the date's ordinal. ``planned`` and ``sessions`` count treatments alone: a make-up is
    the rest of one that stands already, a titration is charged to no course (R9, R14).
    """

    __tablename__ = "dose_days"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    course_id: Mapped[bytes] = mapped_column(primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    charged: Mapped[int]
    planned: Mapped[int]
    sessions: Mapped[int]


class Closure(Base):
    """Days on which a hold, a fault or the screening kept the person from treating, by no choice.

    ``number`` is the record that began it; ``until_day`` is None while it lasts. Both days are
    ordinals, and both belong to it. Of a hold ``hold_kind``, ``hold_source`` and ``hold_reason``
    are what the record says of it; None of what was written down before they were kept.
    """

    __tablename__ = "closures"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_closures_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[bytes]
    cause: Mapped[str]
    from_day: Mapped[int]
    until_day: Mapped[int | None]
    hold_kind: Mapped[int | None]
    hold_source: Mapped[int | None]
    hold_reason: Mapped[str | None]
