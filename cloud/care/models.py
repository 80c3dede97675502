"""Tables of care: cards as they were signed, items as they came, messages as they were sent."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class ClinicCard(Base):
    """A card that the clinic published; the highest serial is the one that counts."""

    __tablename__ = "clinic_cards"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes]
    published_ms: Mapped[int]


class CareItem(Base):
    """Something that a phone told, sealed to the care key, what became of opening it, and who has
    seen it first.

    ``opened_ms`` is when that was tried last; `cloud.care.one_by_one` says which is tried again.
    """

    __tablename__ = "care_items"
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
    seen_by: Mapped[str | None]
    seen_ms: Mapped[int | None]


class CareFact(Base):
    """What an opened item told: its kind, when, and the body as packed.

    ``at_ms`` is by the phone's clock, and no later than when it came.
    """

    __tablename__ = "care_facts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "item_id"],
            ["care_items.clinic_id", "care_items.patient_id", "care_items.item_id"],
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[int]
    at_ms: Mapped[int]
    body: Mapped[bytes]


class SentMessage(Base):
    """A message that the clinic sent to a patient's phones."""

    __tablename__ = "sent_messages"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    message_id: Mapped[bytes] = mapped_column(primary_key=True)
    author: Mapped[str]
    text: Mapped[str]
    sent_ms: Mapped[int]
