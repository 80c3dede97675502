"""Tables of firmware releases."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class Release(Base):
    """An image of the maker's and how far it is opened; ``image_hash`` is its MCUboot hash.

    ``ring`` is the widest ring that is open (1 to 3), since ``ring_ms``. ``share_percent`` is what
    part of the bands the second ring is; ``least_bands`` and ``least_days`` what a ring asks for
    before the next; ``limit_percent`` by how many points the share of bands with a fault may be
    above that of the bands on other firmware. Faults count from ``judged_ms`` on. ``halted_ms`` and
    ``withdrawn_ms`` are None while it is offered.
    """

    __tablename__ = "releases"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id"], ["clinics.clinic_id"]),
        UniqueConstraint("clinic_id", "version", name="uq_releases_version"),
    )

    clinic_id: Mapped[str] = clinic_key()
    image_hash: Mapped[bytes] = mapped_column(primary_key=True)
    version: Mapped[str]
    image: Mapped[bytes] = mapped_column(deferred=True)
    image_bytes: Mapped[int]
    added_ms: Mapped[int]
    ring: Mapped[int]
    ring_ms: Mapped[int]
    share_percent: Mapped[int]
    least_bands: Mapped[int]
    least_days: Mapped[int]
    limit_percent: Mapped[int]
    judged_ms: Mapped[int]
    halted_ms: Mapped[int | None]
    withdrawn_ms: Mapped[int | None]

    @property
    def is_offered(self) -> bool:
        """Whether bands may have it."""
        return self.halted_ms is None and self.withdrawn_ms is None


class ReleaseBand(Base):
    """A band that is named for the first ring."""

    __tablename__ = "release_bands"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "image_hash"], ["releases.clinic_id", "releases.image_hash"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    image_hash: Mapped[bytes] = mapped_column(primary_key=True)
    device_id: Mapped[bytes] = mapped_column(primary_key=True)


class ReleaseTry(Base):
    """What a phone said of its try to bring the image to a band: the newest word alone.

    ``outcome`` is a word of `cloud.releases.offering.Outcome`, ``detail`` the band's refusal.
    """

    __tablename__ = "release_tries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "image_hash"], ["releases.clinic_id", "releases.image_hash"]
        ),
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.device_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    image_hash: Mapped[bytes] = mapped_column(primary_key=True)
    device_id: Mapped[bytes] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    detail: Mapped[str]
    told_ms: Mapped[int]
