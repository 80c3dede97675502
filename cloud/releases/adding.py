"""Taking an image in: what the maker's own firmware key signed, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.clinics.service import locked_clinic
from cloud.errors import NotFound, Refused
from cloud.patients.models import Device
from cloud.releases.models import Release, ReleaseBand
from cloud.releases.rings import NAMED
from shared.firmware.image import Image, read
from shared.firmware.manifest import PRODUCT, Manifest, manifest_of
from shared.firmware.signed import judge
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.wire.errors import WireError

PERCENT = range(1, 101)


@dataclass(frozen=True)
class Terms:
    """How a release goes on: see `Release`. The figures given are this product's own choice.

    Raises:
        Refused: a figure is outside of what it can mean.
    """

    share_percent: int = 10
    least_bands: int = 5
    least_days: int = 7
    limit_percent: int = 5

    def __post_init__(self) -> None:
        if self.share_percent not in PERCENT or self.limit_percent not in PERCENT:
            raise Refused("A share and a limit are 1 to 100 percent.", code="percent")
        if self.least_bands < 1 or self.least_days < 0:
            raise Refused("A ring asks for a band or more, and for no days or more.", code="least")


def add(
    session: Session,
    clinic_id: str,
    data: bytes,
    serials: Sequence[str],
    terms: Terms,
    *,
    now_ms: int,
) -> Release:
    """Register an image, open for the bands of these serials; the same one again is no error.

    Raises:
        Refused: it is no image, not signed by the maker, not for this product, or a version that
            another image has.
        NotFound: the clinic has no band of such a serial.
    """
    clinic = locked_clinic(session, clinic_id)
    image, manifest = _judged(data, PublicKey(clinic.manufacturer_key), now_ms=now_ms)
    known = session.get(Release, (clinic_id, image.hash))
    if known is not None:
        return known
    same = select(Release).where(Release.clinic_id == clinic_id, Release.version == manifest.name)
    if session.scalar(same) is not None:
        raise Refused("Another image has the version {version}.", version=manifest.name)
    named = [_band(session, clinic_id, serial) for serial in serials]
    release = Release(
        clinic_id=clinic_id,
        image_hash=image.hash,
        version=manifest.name,
        image=data,
        image_bytes=len(data),
        added_ms=now_ms,
        ring=NAMED,
        ring_ms=now_ms,
        share_percent=terms.share_percent,
        least_bands=terms.least_bands,
        least_days=terms.least_days,
        limit_percent=terms.limit_percent,
        judged_ms=now_ms,
        halted_ms=None,
        withdrawn_ms=None,
    )
    session.add(release)
    session.flush()
    for device in named:
        row = ReleaseBand(clinic_id=clinic_id, image_hash=image.hash, device_id=device.device_id)
        session.add(row)
    session.flush()
    return release


def release_of(session: Session, clinic_id: str, version: str) -> Release:
    """Return the release of a version; raise NotFound where there is none."""
    found = session.scalar(
        select(Release).where(Release.clinic_id == clinic_id, Release.version == version)
    )
    if found is None:
        raise NotFound("There is no release of that version.")
    return found


def _judged(data: bytes, maker: PublicKey, *, now_ms: int) -> tuple[Image, Manifest]:
    try:
        image = read(data)
        manifest = manifest_of(image)
        judge(image, maker=maker, now_s=now_ms // 1000)
    except WireError as problem:
        raise Refused("This file is no firmware image.", code="image") from problem
    except TrustError as problem:
        raise Refused(
            "The maker did not sign this: {why}.", code=problem.code, why=problem
        ) from problem
    if manifest.product != PRODUCT:
        raise Refused("This image is for another product.", code="product")
    return image, manifest


def _band(session: Session, clinic_id: str, serial: str) -> Device:
    found = session.scalar(
        select(Device).where(Device.clinic_id == clinic_id, Device.serial == serial)
    )
    if found is None:
        raise NotFound("There is no such band in your clinic.")
    return found
