"""Table of audit events."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class AuditEvent(Base):
    """One line of the clinic's audit log; ``hash`` covers the line and the hash before it."""

    __tablename__ = "audit_events"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at_ms: Mapped[int]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    hash: Mapped[bytes]
