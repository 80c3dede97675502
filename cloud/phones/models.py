"""Tables of phones: one-time codes, enrolments, seen nonces, what waits, what came."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class EnrolmentCode(Base):
    """A one-time code, kept as a hash; void after a use, a date, or wrong birth dates."""

    __tablename__ = "enrolment_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    expires_ms: Mapped[int]
    wrong_dates: Mapped[int]
    used_ms: Mapped[int | None]


class Phone(Base):
    """An enrolled app: its keys, how far it holds what waited for it, and when it last got a
    clearance for its band."""

    __tablename__ = "phones"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        Index("ix_phones_patient", "clinic_id", "patient_id"),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    phone_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    app_key: Mapped[bytes]
    request_key: Mapped[bytes]
    enrolment: Mapped[bytes]
    number: Mapped[int]
    enrolled_ms: Mapped[int]
    seen_ms: Mapped[int]
    cursor: Mapped[int]
    revoked_ms: Mapped[int | None]
    cleared_ms: Mapped[int | None]


class SeenNonce(Base):
    """A signed request's nonce: good once."""

    __tablename__ = "request_nonces"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "phone_id"], ["phones.clinic_id", "phones.phone_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    phone_id: Mapped[bytes] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(primary_key=True)
    seen_ms: Mapped[int]


class Waiting(Base):
    """Something for the patient's phone, in order; the cursor counts up for each patient."""

    __tablename__ = "waiting"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    cursor: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    body: Mapped[bytes]
    queued_ms: Mapped[int]


class ReceivedItem(Base):
    """An item that was answered with "accepted": the same id again is a duplicate."""

    __tablename__ = "received_items"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    item_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    body_hash: Mapped[bytes]
    received_ms: Mapped[int]
