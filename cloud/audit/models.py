"""Tables of the audit log: its lines, whom they are about, and the heads that were signed."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class AuditEvent(Base):
    """One line of the clinic's audit log; ``hash`` covers the line and the hash before it.

    ``patients`` holds the pseudonyms of whom it is about, 16 bytes each; both it and ``route`` are
    empty in lines of before there were these.
    """

    __tablename__ = "audit_events"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    hash: Mapped[bytes]
    route: Mapped[str | None]
    patients: Mapped[bytes | None]


class AuditedPatient(Base):
    """Finds the lines about one patient; what counts is the line, which its hash covers."""

    __tablename__ = "audited_patients"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "number"], ["audit_events.clinic_id", "audit_events.number"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SignedHead(Base):
    """The clinic's word, by its audit key, that the log stood so after line ``number``."""

    __tablename__ = "audit_heads"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signed_ms: Mapped[int]
    envelope: Mapped[bytes]
