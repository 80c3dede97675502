"""Tables of registered systems: their public keys, the JWTs that were used, the tokens."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class FhirSystem(Base):
    """A system that may ask for tokens: ``jwk`` is its public key as JSON, ``scopes`` what it may
    be given, apart by spaces. ``used_ms`` is when it got a token last, ``ended_ms`` when it was
    taken out."""

    __tablename__ = "fhir_systems"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    system_id: Mapped[bytes] = mapped_column(primary_key=True)
    name: Mapped[str]
    jwk: Mapped[str]
    scopes: Mapped[str]
    added_ms: Mapped[int]
    used_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]


class UsedAssertion(Base):
    """A JWT that bought a token: good once. ``jti_hash`` is the SHA-256 of its id."""

    __tablename__ = "fhir_used_assertions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "system_id"], ["fhir_systems.clinic_id", "fhir_systems.system_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    system_id: Mapped[bytes] = mapped_column(primary_key=True)
    jti_hash: Mapped[bytes] = mapped_column(primary_key=True)
    until_ms: Mapped[int]


class AccessToken(Base):
    """A token, as its hash, and what it was given for."""

    __tablename__ = "fhir_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "system_id"], ["fhir_systems.clinic_id", "fhir_systems.system_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    system_id: Mapped[bytes]
    scopes: Mapped[str]
    until_ms: Mapped[int]
