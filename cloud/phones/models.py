"""Tables of phones: one-time codes, enrolments, seen nonces, what waits, what came."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import BYTES, SealedRow, sealed
from cloud.vault.owners import Purpose
from shared.wire.items import DownKind

OF_THE_CLINIC = frozenset(
    kind.value
    for kind in (
        DownKind.CERTIFICATE,
        DownKind.CLINIC_CARD,
        DownKind.TEXT_PACK,
        DownKind.RECEIPT,
        DownKind.REVOCATION,
    )
)
"""Kinds that wait as they are: the clinic's own documents, and what only repeats the record."""


class EnrolmentCode(Base):
    """A one-time code, void after a use, a date, or wrong tries.

    ``code_id`` is the code's first group, by which it is found; ``verifier`` comes of the rest and
    the birth date by scrypt, and so does the key of the initials (`cloud.phones.codes`).
    """

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
    code_id: Mapped[str] = mapped_column(primary_key=True)
    verifier: Mapped[bytes]
    sealed_initials: Mapped[bytes]
    patient_id: Mapped[bytes]
    device_id: Mapped[bytes]
    expires_ms: Mapped[int]
    wrong_tries: Mapped[int]
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


class Waiting(SealedRow, Base):
    """Something for the patient's phone, in order; the cursor goes up for each patient (`waiting`).

    ``sealed_body`` is sealed but for the kinds of OF_THE_CLINIC.
    """

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
    sealed_body: Mapped[bytes]
    queued_ms: Mapped[int]

    body = sealed(BYTES, lambda row: None if row.kind in OF_THE_CLINIC else Purpose.TRANSIT)


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
