"""How each firmware release stands, for the clinic's page: ring by ring, and beside its limit."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.language import mark
from cloud.patients.models import Device
from cloud.releases.models import Release
from cloud.releases.rates import Rates, named_for, percent, rates_of
from cloud.releases.rings import ALL, NAMED, SHARE, ring_of

RING_NAMES = {
    NAMED: mark("Named bands"),
    SHARE: mark("A share of the bands"),
    ALL: mark("Every other band"),
}


@dataclass(frozen=True)
class Ring:
    """The bands in use or free that come into a release with one ring, each counted in it alone.

    ``offered`` may have the release now, ``installed`` run it and keep it, ``failed`` had a fault
    with it or went back from the trial.
    """

    number: int
    is_open: bool
    bands: int
    offered: int
    installed: int
    failed: int

    @property
    def words(self) -> str:
        """The ring's name, to be said in the reader's language."""
        return RING_NAMES[self.number]


@dataclass(frozen=True)
class Standing:
    """A release with its rings and rates; shares are in percent of the bands."""

    release: Release
    rings: tuple[Ring, ...]
    rates: Rates

    @property
    def columns(self) -> tuple[str, ...]:
        """What some ring has any band of, beside how many there are."""
        counts = ("offered", "installed", "failed")
        return tuple(each for each in counts if any(getattr(ring, each) for ring in self.rings))

    @property
    def faulty_percent(self) -> float:
        """Of the bands that ever ran it."""
        return percent(self.rates.faulty, self.rates.tried)

    @property
    def others_percent(self) -> float:
        """Of the bands on other firmware."""
        return percent(self.rates.faulty_others, self.rates.others)

    @property
    def passes(self) -> bool:
        """Whether it is above the limit at which it is halted."""
        return self.rates.passes(self.release.limit_percent)


def all_standing(session: Session, clinic_id: str) -> tuple[Standing, ...]:
    """Return how every release of the clinic stands, the newest first."""
    releases = session.scalars(
        select(Release)
        .where(Release.clinic_id == clinic_id)
        .order_by(Release.added_ms.desc(), Release.image_hash)
    ).all()
    if not releases:
        return ()
    devices = session.scalars(
        select(Device.device_id).where(
            Device.clinic_id == clinic_id,
            Device.retired_ms.is_(None),
            Device.aside_ms.is_(None),
        )
    ).all()
    return tuple(_standing(session, each, frozenset(devices)) for each in releases)


def _standing(session: Session, release: Release, devices: frozenset[bytes]) -> Standing:
    rates, named = rates_of(session, release), named_for(session, release)
    first: dict[int, set[bytes]] = {number: set() for number in RING_NAMES}
    for device_id in devices:
        ring = ring_of(
            release.image_hash,
            device_id,
            is_named=device_id in named,
            share_percent=release.share_percent,
        )
        first[ring].add(device_id)
    return Standing(
        release,
        tuple(_ring(release, rates, number, bands) for number, bands in first.items()),
        rates,
    )


def _ring(release: Release, rates: Rates, number: int, bands: set[bytes]) -> Ring:
    is_open = number <= release.ring
    waits = bands - rates.kept - rates.faulty
    return Ring(
        number=number,
        is_open=is_open,
        bands=len(bands),
        offered=len(waits) if is_open and release.is_offered else 0,
        installed=len(bands & rates.kept),
        failed=len(bands & rates.faulty),
    )
