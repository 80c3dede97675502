"""Tables of sites and care teams."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Site(Base):
    """A place where the clinic works."""

    __tablename__ = "sites"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    site_id: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_ms: Mapped[int]


class Team(Base):
    """A care team at one site."""

    __tablename__ = "teams"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "site_id"], ["sites.clinic_id", "sites.site_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    team_id: Mapped[bytes] = mapped_column(primary_key=True)
    site_id: Mapped[bytes]
    name: Mapped[str]
    created_ms: Mapped[int]


class TeamMember(Base):
    """A member of a team."""

    __tablename__ = "team_members"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "team_id"], ["teams.clinic_id", "teams.team_id"]),
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
        Index("ix_team_members_staff", "clinic_id", "staff_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    team_id: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)


class TeamPatient(Base):
    """A patient of a team."""

    __tablename__ = "team_patients"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "team_id"], ["teams.clinic_id", "teams.team_id"]),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patients.clinic_id", "patients.patient_id"]
        ),
        Index("ix_team_patients_patient", "clinic_id", "patient_id"),
    )

    clinic_id: Mapped[str] = clinic_key()
    team_id: Mapped[bytes] = mapped_column(primary_key=True)
    patient_id: Mapped[bytes] = mapped_column(primary_key=True)
