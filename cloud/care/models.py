"""Tables of care: cards as they were signed, items as they came, messages as they were sent."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import BYTES, NUMBER, TEXT, SealedRow, sealed
from cloud.vault.owners import Purpose


class ClinicCard(Base):
    """A card that the clinic published; the highest serial is the one that counts."""

    __tablename__ = "clinic_cards"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes]
    published_ms: Mapped[int]


class AskedCard(Base):
    """A card that an administrator saved and that waits for the enrolment key's signature.

    ``body`` is the card without a serial. The newest takes an older one's place.
    """

    __tablename__ = "asked_cards"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
        ForeignKeyConstraint(["clinic_id", "asked_by"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    body: Mapped[bytes]
    asked_by: Mapped[bytes]
    asked_ms: Mapped[int]


class CareItem(SealedRow, Base):
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
    sealed_body: Mapped[bytes]
    received_ms: Mapped[int]
    opened_ms: Mapped[int | None]
    refusal: Mapped[str | None]
    seen_by: Mapped[str | None]
    seen_ms: Mapped[int | None]

    body = sealed(BYTES, Purpose.TRANSIT)


class CareFact(SealedRow, Base):
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
    sealed_kind: Mapped[bytes]
    at_ms: Mapped[int]
    sealed_body: Mapped[bytes]

    kind = sealed(NUMBER, Purpose.DATA)
    body = sealed(BYTES, Purpose.DATA)


class SentMessage(SealedRow, Base):
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
    sealed_text: Mapped[bytes]
    sent_ms: Mapped[int]

    text = sealed(TEXT, Purpose.DATA)
