"""The table of what bands asked for."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class TimeAsked(Base):
    """A band's request for its time, as its phone sent it up.

    ``asked_ms`` is when the phone first had the nonce, ``ended_ms`` when the band's record said
    that it was answered, or void by a session.
    """

    __tablename__ = "time_requests"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_time_requests_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    nonce: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    asked_ms: Mapped[int]
    received_ms: Mapped[int]
    ended_ms: Mapped[int | None]
