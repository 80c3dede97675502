"""How bands do with a release, beside those on other firmware, by their own verified records.

A band counts as faulty that reported a fault, or went back from the trial, since the release is
judged; of a band that crashed before it could write anything its phone alone can tell. Both sides
are counted over the same time.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.ledger.models import FirmwareStint
from cloud.patients.models import Device
from cloud.releases.models import Release, ReleaseBand, ReleaseTry
from cloud.releases.offering import Outcome
from cloud.releases.rings import NAMED, ring_of


@dataclass(frozen=True)
class Rates:
    """Bands by id: that ever ran the release, those faulty with it; those on other firmware, and
    the faulty ones of them. ``kept`` are those that run it now and keep it."""

    tried: frozenset[bytes]
    faulty: frozenset[bytes]
    others: frozenset[bytes]
    faulty_others: frozenset[bytes]
    kept: frozenset[bytes]

    @property
    def excess_percent(self) -> float:
        """By how many percentage points more of the release's bands are faulty."""
        return percent(self.faulty, self.tried) - percent(self.faulty_others, self.others)

    def passes(self, limit_percent: int) -> bool:
        """Whether a fault with the release puts it over the limit."""
        return bool(self.faulty) and self.excess_percent > limit_percent


def rates_of(session: Session, release: Release) -> Rates:
    """Return how the clinic's bands do with a release."""
    since_ms = release.judged_ms
    stints = session.scalars(
        select(FirmwareStint).where(FirmwareStint.clinic_id == release.clinic_id)
    ).all()
    mine = [each for each in stints if each.version == release.version]
    others = [each for each in stints if each.version != release.version and each.until_ms is None]
    gone_back = {
        each.device_id
        for each in tries_of(session, release)
        if each.outcome == Outcome.ROLLED_BACK and each.told_ms >= since_ms
    }
    return Rates(
        tried=frozenset({each.device_id for each in mine} | gone_back),
        faulty=frozenset(
            {each.device_id for each in mine if _is_faulty(each, since_ms)} | gone_back
        ),
        others=frozenset(each.device_id for each in others),
        faulty_others=frozenset(
            each.device_id for each in others if (each.fault_ms or -1) >= since_ms
        ),
        kept=frozenset(
            each.device_id for each in mine if each.until_ms is None and each.kept_ms is not None
        ),
    )


def tries_of(session: Session, release: Release) -> tuple[ReleaseTry, ...]:
    """Return what phones said of their tries to bring the release to a band."""
    found = session.scalars(
        select(ReleaseTry).where(
            ReleaseTry.clinic_id == release.clinic_id,
            ReleaseTry.image_hash == release.image_hash,
        )
    )
    return tuple(found)


def bands_in(session: Session, release: Release) -> frozenset[bytes]:
    """Return the bands in use or free that the open rings have."""
    named = named_for(session, release)
    devices = session.scalars(
        select(Device.device_id).where(
            Device.clinic_id == release.clinic_id,
            Device.retired_ms.is_(None),
            Device.aside_ms.is_(None),
        )
    )
    return frozenset(each for each in devices if has(release, named, each))


def named_for(session: Session, release: Release) -> frozenset[bytes]:
    """Return the bands of the first ring."""
    found = session.scalars(
        select(ReleaseBand.device_id).where(
            ReleaseBand.clinic_id == release.clinic_id,
            ReleaseBand.image_hash == release.image_hash,
        )
    )
    return frozenset(found)


def has(release: Release, named: frozenset[bytes], device_id: bytes) -> bool:
    """Whether a band is in the rings that are open."""
    ring = ring_of(
        release.image_hash,
        device_id,
        is_named=device_id in named,
        share_percent=release.share_percent,
    )
    return NAMED <= ring <= release.ring


def _is_faulty(stint: FirmwareStint, since_ms: int) -> bool:
    return any(at is not None and at >= since_ms for at in (stint.fault_ms, stint.failed_ms))


def percent(part: frozenset[bytes], whole: frozenset[bytes]) -> float:
    """What share some bands are of others, in percent; 0 of none."""
    return 100 * len(part) / len(whole) if whole else 0.0
