"""Tables of channels and of what goes out over them."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Channel(Base):
    """A way to reach one member: ``mail`` to an address, or ``webhook`` to a gateway that rings.

    ``secret`` signs a webhook's calls; the gateway holds the same.
    """

    __tablename__ = "channels"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    channel_id: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    kind: Mapped[str]
    address: Mapped[str]
    secret: Mapped[bytes | None]
    added_ms: Mapped[int]
    removed_ms: Mapped[int | None]


class Delivery(Base):
    """One message to one channel, about an alert or a drill; sent at least once under one id.

    ``holder`` has it until ``until_ms``; ``ended`` says what became of it: sent, failed or void.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "channel_id"], ["channels.clinic_id", "channels.channel_id"]
        ),
        Index("ix_deliveries_ended", "clinic_id", "ended", "due_ms"),
    )

    clinic_id: Mapped[str] = clinic_key()
    delivery_id: Mapped[bytes] = mapped_column(primary_key=True)
    channel_id: Mapped[bytes]
    alert_id: Mapped[bytes | None]
    drill_id: Mapped[bytes | None]
    level: Mapped[str]
    planned_ms: Mapped[int]
    due_ms: Mapped[int]
    holder: Mapped[str]
    until_ms: Mapped[int]
    attempts: Mapped[int]
    ended: Mapped[str]
    ended_ms: Mapped[int | None]
