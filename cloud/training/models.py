"""Tables of the staff course: who answered which part, and who finished it, in which version."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class PartDone(Base):
    """A member answered every question of a part of this version rightly."""

    __tablename__ = "training_parts"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    done_ms: Mapped[int]


class CourseDone(Base):
    """A member had done every part of the course in this version."""

    __tablename__ = "training_courses"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    done_ms: Mapped[int]
