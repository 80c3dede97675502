"""The phone's tables. Ids and times are readable; every other value is a sealed field."""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1


class Base(DeclarativeBase):
    """Root of the phone's tables."""


class SchemaRow(Base):
    """One row: the version of the tables and the data key, wrapped."""

    __tablename__ = "schema"

    version: Mapped[int] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)


class SettingRow(Base):
    """A named value: the enrolment, the sync cursor, the last known state of things."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(String(48), primary_key=True)
    sealed_value: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerRow(Base):
    """A record of the band's ledger, as the band sent it."""

    __tablename__ = "ledger_records"

    epoch: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sealed_record: Mapped[bytes] = mapped_column(LargeBinary)


class OutboxRow(Base):
    """An item for the clinic. Its body goes when the clinic has answered; its id stays."""

    __tablename__ = "outbox"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(24))
    sealed_body: Mapped[bytes | None] = mapped_column(LargeBinary)
    queued_ms: Mapped[int] = mapped_column(BigInteger)
    acknowledged_ms: Mapped[int | None] = mapped_column(BigInteger)
    sealed_refusal: Mapped[bytes | None] = mapped_column(LargeBinary)


class DownstreamRow(Base):
    """An item that came from the clinic. Applied once the band has answered to it."""

    __tablename__ = "downstream"

    cursor: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(24))
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)
    applied_ms: Mapped[int | None] = mapped_column(BigInteger)
    sealed_refusal: Mapped[bytes | None] = mapped_column(LargeBinary)


class CheckinRow(Base):
    """A finished check-in, for the person's own list."""

    __tablename__ = "checkins"

    answered_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    sealed_answers: Mapped[bytes] = mapped_column(LargeBinary)


class LogRow(Base):
    """A line of the session log (telemetry, events), until the whole log is sealed and sent."""

    __tablename__ = "session_log"

    session: Mapped[str] = mapped_column(String(32), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    sealed_line: Mapped[bytes] = mapped_column(LargeBinary)
