"""What a phone is told and given: the image that its band may have, and the phone's word on it.

An offer is no more than that. The band takes no image that its maker did not sign, whoever offers.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.errors import NotFound, Refused
from cloud.ledger.firmware import firmware_of
from cloud.ledger.models import FirmwareStint, LedgerChain
from cloud.patients.models import Device
from cloud.phones.models import Phone
from cloud.releases.models import Release, ReleaseBand, ReleaseTry
from cloud.releases.rings import ring_of

PART_BYTES = 64 * 1024
"""So much of an image one answer has at most (own choice)."""


class Outcome(StrEnum):
    """How a try to bring the image to the band ended, by the phone."""

    KEPT = "kept"
    ROLLED_BACK = "rolled-back"
    REFUSED = "refused"
    UNSETTLED = "unsettled"


def offered(session: Session, phone: Phone, device_id: bytes) -> Release | None:
    """Return the release that a phone's band may have; None where it has the newest, where nobody
    knows what it runs, or where it went back from it before.

    Raises:
        NotFound: the band isn't this phone's patient's.
    """
    device = session.get(Device, (phone.clinic_id, device_id))
    if device is None or device.patient_id != phone.patient_id or device_id != phone.device_id:
        raise NotFound("This band isn't its patient's any more.")
    runs = firmware_of(_chain_of(session, device))
    if runs is None or device.retired_ms is not None:
        return None
    releases = session.scalars(
        select(Release)
        .where(Release.clinic_id == phone.clinic_id)
        .order_by(Release.added_ms.desc(), Release.image_hash)
    )
    for release in releases:
        if release.version == runs.version and release.withdrawn_ms is None:
            return None  # An older one is the way back from what was withdrawn, and from no other.
        if _may_have(session, release, device):
            return release
    return None


def part_of(
    session: Session, phone: Phone, device_id: bytes, image_hash: bytes, start: int
) -> bytes:
    """Return the image's next bytes from ``start`` on, while its band may have it.

    Raises:
        NotFound: the band may not have this image, or not any more.
        Refused: the image has no such byte.
    """
    release = offered(session, phone, device_id)
    if release is None or release.image_hash != image_hash:
        raise NotFound("This image isn't offered to this band.")
    if not 0 <= start < release.image_bytes:
        raise Refused("The image has no such byte.", code="start")
    return release.image[start : start + PART_BYTES]


def note_try(
    session: Session,
    phone: Phone,
    device_id: bytes,
    image_hash: bytes,
    outcome: Outcome,
    detail: str,
    *,
    now_ms: int,
) -> None:
    """Keep what the phone says became of a try; the newest word stands.

    Raises:
        NotFound: there is no such release, or the band isn't this phone's.
    """
    if device_id != phone.device_id or session.get(Release, (phone.clinic_id, image_hash)) is None:
        raise NotFound("This image isn't offered to this band.")
    session.merge(
        ReleaseTry(
            clinic_id=phone.clinic_id,
            image_hash=image_hash,
            device_id=device_id,
            outcome=outcome.value,
            detail=detail,
            told_ms=now_ms,
        )
    )


def _may_have(session: Session, release: Release, device: Device) -> bool:
    if not release.is_offered:
        return False
    key = (release.clinic_id, release.image_hash, device.device_id)
    ring = ring_of(
        release.image_hash,
        device.device_id,
        is_named=session.get(ReleaseBand, key) is not None,
        share_percent=release.share_percent,
    )
    return ring <= release.ring and not _went_back(session, release, device)


def _went_back(session: Session, release: Release, device: Device) -> bool:
    """By its own record or its phone's word, since the release is judged."""
    key = (release.clinic_id, release.image_hash, device.device_id)
    told = session.get(ReleaseTry, key)
    since_ms = release.judged_ms
    if told is not None and told.outcome == Outcome.ROLLED_BACK and told.told_ms >= since_ms:
        return True
    failed = session.scalars(
        select(FirmwareStint.failed_ms).where(
            FirmwareStint.clinic_id == release.clinic_id,
            FirmwareStint.device_id == device.device_id,
            FirmwareStint.version == release.version,
        )
    )
    return any(at is not None and at >= since_ms for at in failed)


def _chain_of(session: Session, device: Device) -> LedgerChain | None:
    return session.scalar(
        select(LedgerChain)
        .where(LedgerChain.clinic_id == device.clinic_id, LedgerChain.device_id == device.device_id)
        .order_by(LedgerChain.received_to.desc())
        .limit(1)
    )
