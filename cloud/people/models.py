"""Tables of staff and of how they sign in."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Member(Base):
    """One person of the clinic's staff; ``language`` is None where the browser's is spoken."""

    __tablename__ = "staff"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    created_ms: Mapped[int]
    left_ms: Mapped[int | None]
    language: Mapped[str | None]


class RoleHeld(Base):
    """One role of a member; a member may hold several."""

    __tablename__ = "roles_held"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    granted_ms: Mapped[int]


class Invitation(Base):
    """A one-time link by which a member makes the first passkey."""

    __tablename__ = "staff_invitations"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    expires_ms: Mapped[int]
    used_ms: Mapped[int | None]


class SignInKey(Base):
    """A passkey for signing in; worth nothing to a device."""

    __tablename__ = "sign_in_keys"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    credential_id: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    created_ms: Mapped[int]


class UsedChallenge(Base):
    """A challenge that was answered: good once."""

    __tablename__ = "used_challenges"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    challenge_hash: Mapped[bytes] = mapped_column(primary_key=True)
    used_ms: Mapped[int]


class StepUp(Base):
    """A passkey's second answer, for one act of one signed-in browser; good once."""

    __tablename__ = "step_ups"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "token_hash"],
            ["sign_ins.clinic_id", "sign_ins.token_hash"],
            ondelete="CASCADE",
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    subject: Mapped[bytes] = mapped_column(primary_key=True)
    until_ms: Mapped[int]


class Recovery(Base):
    """An administrator asks that a member gets a fresh invitation; another confirms."""

    __tablename__ = "recoveries"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
        ForeignKeyConstraint(
            ["clinic_id", "asked_by"],
            ["staff.clinic_id", "staff.staff_id"],
            name="fk_recoveries_asked_by",
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    asked_by: Mapped[bytes]
    asked_ms: Mapped[int]


class SignIn(Base):
    """A signed-in browser; the cookie's token is kept as a hash only."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "staff_id"], ["staff.clinic_id", "staff.staff_id"]),
    )

    clinic_id: Mapped[str] = clinic_key()
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    staff_id: Mapped[bytes]
    form_token: Mapped[str]
    ends_ms: Mapped[int]
    seen_ms: Mapped[int]
