"""Table of alerts."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import MAYBE_TEXT, NUMBER, TEXT, SealedRow, sealed
from cloud.vault.owners import Purpose

TOLD = "told/"
"""Begins the cause of an alert that came of what a patient told; a keyed hash follows."""


def _key_of(alert: Alert) -> Purpose | None:
    return Purpose.DATA if alert.cause.startswith(TOLD) else None


class Alert(SealedRow, Base):
    """Something that needs a person: urgency ``now`` or ``today``.

    Each rise of a cause is a row of its own, counted by ``number``; the newest carries the last
    ``value`` seen, and ``stands`` is whether that is above 0. What came of words and answers is
    sealed, its cause in words in ``told``; what the record says stays as it is. ``patient_id`` is
    None where it is about the clinic itself. ``repeated_ms`` is when an acknowledged value was last
    seen unchanged, ``step`` the last step of its ladder, and ``handed_to`` the member whom it was
    handed to. ``handed_ms`` is when, or since when the ladder counts after the clock was set back.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
        ForeignKeyConstraint(["clinic_id", "handed_to"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_alerts_cause", "clinic_id", "patient_id", "cause"),
        Index("ix_alerts_closed", "clinic_id", "closed_ms"),
        Index("ix_alerts_raised", "clinic_id", "raised_ms"),
    )

    clinic_id: Mapped[str] = clinic_key()
    alert_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes | None]
    cause: Mapped[str]
    number: Mapped[int]
    stands: Mapped[bool]
    sealed_value: Mapped[bytes]
    urgency: Mapped[str]
    sealed_title: Mapped[bytes]
    sealed_detail: Mapped[bytes]
    sealed_told: Mapped[bytes | None]
    raised_ms: Mapped[int]
    closed_ms: Mapped[int | None]
    closed_by: Mapped[bytes | None]
    repeated_ms: Mapped[int | None]
    step: Mapped[int | None]
    handed_to: Mapped[bytes | None]
    handed_ms: Mapped[int | None]

    value = sealed(NUMBER, _key_of)
    title = sealed(TEXT, _key_of)
    detail = sealed(TEXT, _key_of)
    told = sealed(MAYBE_TEXT, _key_of)


class ClinicThreshold(Base):
    """From when on a rule tells, where a clinic set it."""

    __tablename__ = "alert_thresholds"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
