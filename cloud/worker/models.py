"""Tables of the worker: who does what now, and that somebody does."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Lease(Base):
    """One task of one clinic, held by one worker until an instant."""

    __tablename__ = "leases"

    clinic_id: Mapped[str] = clinic_key()
    task: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until_ms: Mapped[int]


class Heartbeat(Base):
    """When a worker last looked after this clinic."""

    __tablename__ = "heartbeats"

    clinic_id: Mapped[str] = clinic_key()
    worker: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int]
