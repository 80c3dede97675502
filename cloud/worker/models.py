"""Tables of the worker: what is due, and that somebody does it."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Work(Base):
    """One task of one clinic: when it is due next, and which worker did it last."""

    __tablename__ = "work"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    task: Mapped[str] = mapped_column(primary_key=True)
    due_ms: Mapped[int]
    holder: Mapped[str]
    done_ms: Mapped[int]


class Heartbeat(Base):
    """When a worker last looked after this clinic."""

    __tablename__ = "heartbeats"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    worker: Mapped[str] = mapped_column(primary_key=True)
    at_ms: Mapped[int]
