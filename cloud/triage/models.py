"""Tables of what the staff did about the list of today."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key
from cloud.vault.fields import TEXT, SealedRow, sealed
from cloud.vault.owners import Purpose


class ListVisit(Base):
    """When a member was last on the list; ``since_ms`` is when the visit before this one ended,
    None while this is the first."""

    __tablename__ = "list_visits"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    since_ms: Mapped[int | None]
    seen_ms: Mapped[int]


class Contact(Base):
    """A call to a patient, what became of it, and when it is tried next."""

    __tablename__ = "contacts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "called_by"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_contacts_patient", "clinic_id", "patient_id", "called_ms"),
    )

    clinic_id: Mapped[str] = clinic_key()
    contact_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    called_by: Mapped[bytes]
    called_ms: Mapped[int]
    outcome: Mapped[str]
    next_ms: Mapped[int | None]


class Snooze(SealedRow, Base):
    """A patient whose reasons were put off until a time, and why; ``ended_ms`` is when somebody
    took it back or put them off anew."""

    __tablename__ = "snoozes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "put_off_by"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_snoozes_until", "clinic_id", "until_ms"),
    )

    clinic_id: Mapped[str] = clinic_key()
    snooze_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes]
    put_off_by: Mapped[bytes]
    put_off_ms: Mapped[int]
    until_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    sealed_reason: Mapped[bytes]

    reason = sealed(TEXT, Purpose.DATA)


class Assignment(Base):
    """Whose task a patient on the list is, by whom and since when; nobody's has no row."""

    __tablename__ = "assignments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
        ForeignKeyConstraint(
            ["clinic_id", "assigned_by"],
            ["staff.clinic_id", "staff.staff_id"],
            name="fk_assignments_assigned_by",
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    assigned_by: Mapped[bytes]
    assigned_ms: Mapped[int]


class SavedView(Base):
    """A choice of the list that a member keeps under a name."""

    __tablename__ = "saved_views"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_saved_views_staff", "clinic_id", "staff_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    view_id: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    name: Mapped[str]
    shown: Mapped[str]
    whose: Mapped[str]
