"""Tables of check-ins, of their scores, and of screening answers."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Checkin(Base):
    """A questionnaire, sealed to the care key, and what became of opening it.

    ``opened_ms`` is when that was tried last; `cloud.care.one_by_one` says which is tried again.
    """

    __tablename__ = "checkins"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    received_ms: Mapped[int]
    opened_ms: Mapped[int | None]
    refusal: Mapped[str | None]


class Scored(Base):
    """What an opened check-in came to, of whichever instrument and whichever way it came.

    ``score`` is None where the instrument has none or an item was left out; ``self_harm`` is the
    answer to item 9 where the instrument has it and it was said.
    """

    __tablename__ = "scores"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    instrument: Mapped[str]
    answered_ms: Mapped[int]
    score: Mapped[int | None]
    self_harm: Mapped[int | None]


class ScreeningAnswer(Base):
    """Gate answers, signed by the app; their outcome is the device's business."""

    __tablename__ = "screening_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    envelope: Mapped[bytes]
    outcome: Mapped[int]
    received_ms: Mapped[int]
