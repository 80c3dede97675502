"""Table of alerts."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Alert(Base):
    """Something that needs a person: urgency ``now`` or ``today``, one for each cause."""

    __tablename__ = "alerts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(primary_key=True)
    urgency: Mapped[str]
    title: Mapped[str]
    detail: Mapped[str]
    raised_ms: Mapped[int]
    closed_ms: Mapped[int | None]
