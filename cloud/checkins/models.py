"""Tables of check-ins, of their scores, and of screening answers."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import BYTES, NUMBER, SealedRow, sealed
from cloud.vault.owners import Purpose


class Checkin(SealedRow, Base):
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
    sealed_body: Mapped[bytes]
    received_ms: Mapped[int]
    opened_ms: Mapped[int | None]
    refusal: Mapped[str | None]

    body = sealed(BYTES, Purpose.TRANSIT)


class Scored(SealedRow, Base):
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
    sealed_score: Mapped[bytes]
    sealed_self_harm: Mapped[bytes]

    score = sealed(NUMBER, Purpose.DATA)
    self_harm = sealed(NUMBER, Purpose.DATA)


class ScreeningAnswer(SealedRow, Base):
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
    sealed_envelope: Mapped[bytes]
    sealed_outcome: Mapped[bytes]
    received_ms: Mapped[int]

    envelope = sealed(BYTES, Purpose.TRANSIT)
    outcome = sealed(NUMBER, Purpose.TRANSIT)
