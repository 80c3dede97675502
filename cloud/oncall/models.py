"""Tables of the rota, of the clinic's settings for alerts, and of drills."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class RotaTurn(Base):
    """A member's turn, each week: minutes of the local week from Monday 0:00 on.

    ``to_minute`` is not in it any more; one at or before ``from_minute`` lies in the next week.
    Level 1 is called first.
    """

    __tablename__ = "rota_turns"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    turn_id: Mapped[bytes] = mapped_column(primary_key=True)
    level: Mapped[int]
    staff_id: Mapped[bytes]
    from_minute: Mapped[int]
    to_minute: Mapped[int]


class AlertSettings(Base):
    """A clinic's settings. "Now" alerts ring since ``rings_since_ms``; None: they don't.

    Quiet hours are minutes of the local day; equal ends are none at all.
    """

    __tablename__ = "alert_settings"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    rings_since_ms: Mapped[int | None]
    quiet_from: Mapped[int]
    quiet_to: Mapped[int]
    step_minutes: Mapped[int]


class Drill(Base):
    """A call for practice over one channel: it passed once its member said that it rang."""

    __tablename__ = "drills"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "channel_id"], ["channels.clinic_id", "channels.channel_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    drill_id: Mapped[bytes] = mapped_column(primary_key=True)
    channel_id: Mapped[bytes]
    started_ms: Mapped[int]
    answered_ms: Mapped[int | None]
    failed_ms: Mapped[int | None]
