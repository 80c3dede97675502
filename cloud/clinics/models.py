"""Tables of clinics, and of the certificates that their roots issued."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Clinic(Base):
    """A clinic: its public roots and where its signing desk lives.

    ``demo`` says that its roots are a demonstration's, ``made_up`` that nobody in it is real.
    """

    __tablename__ = "clinics"

    clinic_id: Mapped[str] = clinic_key()
    name: Mapped[str]
    root_key: Mapped[bytes]
    recovery_key: Mapped[bytes]
    manufacturer_key: Mapped[bytes]
    desk_rp_id: Mapped[str]
    desk_origin: Mapped[str]
    demo: Mapped[bool]
    made_up: Mapped[bool]
    created_ms: Mapped[int]


class StoredCertificate(Base):
    """A key's certificate by the clinic's root: public, and needed by phones and devices.

    Of several for one key it is the one that lasts longest; the others are `FurtherCertificate`.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
        Index("ix_certificates_purpose", "clinic_id", "purpose"),
    )

    clinic_id: Mapped[str] = clinic_key()
    key_id: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[int]
    subject: Mapped[str]
    envelope: Mapped[bytes]
    credential_id: Mapped[bytes | None]
    added_ms: Mapped[int]


class FurtherCertificate(Base):
    """Another certificate of a key, from before it was renewed: what it signed then still holds.

    ``digest`` is the envelope's SHA-256.
    """

    __tablename__ = "further_certificates"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "key_id"], ["certificates.clinic_id", "certificates.key_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    key_id: Mapped[bytes] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    envelope: Mapped[bytes]
    added_ms: Mapped[int]


class StoredRevocation(Base):
    """A key's word taken back by the clinic's root; numbers follow each other from 1 (R18)."""

    __tablename__ = "revocations"
    __table_args__ = (ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),)

    clinic_id: Mapped[str] = clinic_key()
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key_id: Mapped[bytes]
    kind: Mapped[int]
    at_s: Mapped[int]
    until_s: Mapped[int]
    envelope: Mapped[bytes]
    added_ms: Mapped[int]
