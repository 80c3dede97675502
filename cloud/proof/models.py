"""Table of flaws: what the clinic has found wrong with a device's record."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import MAYBE_TEXT, SealedRow, sealed
from cloud.vault.owners import Purpose


class Flaw(SealedRow, Base):
    """Something wrong from record ``first`` to record ``last``; never deleted.

    ``number`` counts the flaws of this kind on this record. ``ours`` is what the clinic has and
    ``theirs`` what came instead: the chain's two hashes of a fork, the two ids of a foreign device.
    ``phone_id`` is the phone that brought it, where a phone alone can have brought it about, and
    ``evidence`` the head of a fork's second history, as the band signed it.
    A flaw is open until ``ended_ms``; ``ended_by`` is ``record`` where the record itself was
    made whole, else the person who cleared it, for ``reason``.
    """

    __tablename__ = "flaws"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_flaws_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    epoch: Mapped[bytes] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patient_id: Mapped[bytes]
    first: Mapped[int]
    last: Mapped[int]
    ours: Mapped[bytes | None]
    theirs: Mapped[bytes | None]
    phone_id: Mapped[bytes | None]
    evidence: Mapped[bytes | None]
    detail: Mapped[str]
    found_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    ended_by: Mapped[str | None]
    sealed_reason: Mapped[bytes | None]

    reason = sealed(MAYBE_TEXT, Purpose.DATA)
