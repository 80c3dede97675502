"""Tables of the device's record as the clinic has it."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import BYTES, SealedRow, sealed
from cloud.vault.owners import Purpose


class LedgerChain(Base):
    """How far one device's record of one epoch came, and how far it is verified.

    ``verified_to`` is the newest number covered by a head that the device signed and that the
    clinic's own hashing reproduced; ``head_number`` is the newest number of a signed head.
    ``patient_id`` is whose device the verified record says it is, before that whose phone brought
    it; ``clock_ms`` is what the device's clock said last. ``holds_open`` is how many holds stand
    by the verified record, None where no record was followed since the clinic counts them.
    ``firmware`` is what the device ran last by its verified record, None where that doesn't say;
    ``firmware_kept`` whether it keeps that one, or is trying it out.
    """

    __tablename__ = "ledger_chains"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    verified_to: Mapped[int]
    verified_hash: Mapped[bytes]
    verified_ms: Mapped[int | None]
    received_to: Mapped[int]
    head_number: Mapped[int]
    clock_ms: Mapped[int | None]
    holds_open: Mapped[int | None]
    firmware: Mapped[str | None]
    firmware_kept: Mapped[bool | None]


class FirmwareStint(Base):
    """One firmware on one device, by its verified record: since when, and what went wrong with it.

    ``until_ms`` is None while the device runs it. ``kept_ms`` is when it was kept for good, None
    for one on trial; ``fault_ms`` when the device last reported a fault with it, ``failed_ms`` when
    it last went back from a trial of it. A device that takes a firmware again goes on with its row.
    """

    __tablename__ = "firmware_stints"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
        ),
        Index("ix_firmware_stints_version", "clinic_id", "version"),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    since_ms: Mapped[int]
    until_ms: Mapped[int | None]
    kept_ms: Mapped[int | None]
    fault_ms: Mapped[int | None]
    failed_ms: Mapped[int | None]


class StoredRecord(Base):
    """A record that no signed head covers yet, as the very bytes that came."""

    __tablename__ = "ledger_records"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes]
    received_ms: Mapped[int]


class LedgerStretch(Base):
    """Verified records from ``number`` to ``last_number``, as the very bytes that the device wrote.

    ``records`` holds them in order, each behind its length in one byte (`shared.wire.batches`).
    ``before`` and ``hash`` are the chain's hashes before the first and at the last of them. All
    came at ``received_ms``, by whose month PostgreSQL keeps them (ADR 43).
    """

    __tablename__ = "ledger_stretches"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_number: Mapped[int]
    records: Mapped[bytes]
    before: Mapped[bytes]
    hash: Mapped[bytes]
    received_ms: Mapped[int]


class StoredHead(Base):
    """A head signed by the device."""

    __tablename__ = "ledger_heads"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]
    envelope: Mapped[bytes]
    received_ms: Mapped[int]


class DeliveredSession(Base):
    """One session as the verified record tells it; made from the records, never typed in.

    ``course_id`` is what it was charged to, 16 zero bytes for none; ``kind`` is the record's
    SessionKind; ``day`` the ordinal of the date on which it began, in the pages' time zone.
    """

    __tablename__ = "delivered_sessions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id", "epoch"],
            ["ledger_chains.clinic_id", "ledger_chains.device_id", "ledger_chains.epoch"],
        ),
        Index("ix_delivered_sessions_patient", "clinic_id", "patient_id"),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    opened_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[bytes]
    course_id: Mapped[bytes]
    prescription_hash: Mapped[bytes]
    kind: Mapped[int]
    day: Mapped[int]
    opened_ms: Mapped[int | None]
    planned_pulses: Mapped[int]
    planned_trains: Mapped[int]
    charged_pulses: Mapped[int]
    trains: Mapped[int]
    percent_mso: Mapped[int | None]
    closed_ms: Mapped[int | None]
    cause: Mapped[int | None]


class SessionLog(SealedRow, Base):
    """A session's log, sealed to the patient's vault key: unreadable here.

    PostgreSQL keeps it by the month of ``received_ms`` (ADR 43); that an item comes but once is
    `ReceivedItem`'s to say.
    """

    __tablename__ = "session_logs"
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

    body = sealed(BYTES, Purpose.TRANSIT)
