"""The phone's tables. Ids and times are readable; every other value is a sealed field.

What that leaves readable in the file, column by column: docs/store.md. How the tables came about:
`migrations`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Root of the phone's tables."""


class DataKeyRow(Base):
    """A data key, wrapped by the keystore's. Two stand here while one takes over from the other."""

    __tablename__ = "data_keys"

    number: Mapped[int] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)
    made_ms: Mapped[int] = mapped_column(BigInteger)


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
    """A finished check-in, for the person's own list, in the order in which it was kept."""

    __tablename__ = "checkins"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    answered_ms: Mapped[int] = mapped_column(BigInteger)
    sealed_answers: Mapped[bytes] = mapped_column(LargeBinary)


class LogRow(Base):
    """A line of the session log (telemetry, events), until the whole log is sealed and sent."""

    __tablename__ = "session_log"

    session: Mapped[str] = mapped_column(String(32), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    sealed_line: Mapped[bytes] = mapped_column(LargeBinary)


class NoteRow(Base):
    """What the person wrote or did: homework, medicine, tasks, answers, unfinished flows."""

    __tablename__ = "notes"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(24), index=True)
    created_ms: Mapped[int] = mapped_column(BigInteger)
    changed_ms: Mapped[int] = mapped_column(BigInteger)
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)


class MessageRow(Base):
    """A message from the clinic or to it, and how far it has come."""

    __tablename__ = "messages"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(200), unique=True)
    direction: Mapped[str] = mapped_column(String(12))
    sent_ms: Mapped[int] = mapped_column(BigInteger)
    received_ms: Mapped[int | None] = mapped_column(BigInteger)
    seen_ms: Mapped[int | None] = mapped_column(BigInteger)
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)


class ReminderRow(Base):
    """A reminder. Its hour tells of a person's day, so it's sealed with the rest."""

    __tablename__ = "reminders"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed_body: Mapped[bytes] = mapped_column(LargeBinary)


class ConsentRow(Base):
    """A section of the consent as it was given; withdrawn where ``withdrawn_ms`` says so."""

    __tablename__ = "consents"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    section: Mapped[str] = mapped_column(String(48))
    given_ms: Mapped[int] = mapped_column(BigInteger)
    withdrawn_ms: Mapped[int | None] = mapped_column(BigInteger)
    sealed_words: Mapped[bytes] = mapped_column(LargeBinary)
