"""Table of leave."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Leave(Base):
    """A member's leave, from an instant until before another, and who stands in.

    ``accepted_ms`` is when the stand-in said yes; ``ended_ms`` when the leave was called off.
    """

    __tablename__ = "leaves"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
        ForeignKeyConstraint(
            ["clinic_id", "stand_in_id"],
            ["staff.clinic_id", "staff.staff_id"],
            name="fk_leaves_stand_in",
        ),
        Index("ix_leaves_staff", "clinic_id", "staff_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    leave_id: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    stand_in_id: Mapped[bytes]
    from_ms: Mapped[int]
    until_ms: Mapped[int]
    planned_ms: Mapped[int]
    accepted_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]
