"""Tables of staff and of how they sign in."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Member(Base):
    """One person of the clinic's staff."""

    __tablename__ = "staff"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    staff_id: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    created_ms: Mapped[int]


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
