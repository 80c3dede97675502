"""Firmware images for phones: which one a band may have, its bytes, what became of a try."""

from __future__ import annotations

from cloud.db import Database
from cloud.ingest import bodies
from cloud.phones.models import Phone
from cloud.releases.offering import note_try, offered, part_of


def offer(database: Database, phone: Phone, asked: bodies.ReleaseRequest) -> bodies.ReleaseAnswer:
    """Return the release that a phone's band may have."""
    with database.read(phone.clinic_id) as session:
        found = offered(session, phone, asked.device_id)
        if found is None:
            return bodies.ReleaseAnswer(release=None)
        release = bodies.OfferedRelease(
            image_hash=found.image_hash, version=found.version, image_bytes=found.image_bytes
        )
    return bodies.ReleaseAnswer(release=release)


def part(database: Database, phone: Phone, asked: bodies.PartRequest) -> bodies.PartAnswer:
    """Return the next bytes of an image, while the band may have it."""
    with database.read(phone.clinic_id) as session:
        data = part_of(session, phone, asked.device_id, asked.image_hash, asked.start)
    return bodies.PartAnswer(data=data)


def tell(
    database: Database, phone: Phone, told: bodies.TryRequest, *, now_ms: int
) -> bodies.TryAnswer:
    """Keep what became of a try."""
    with database.write(phone.clinic_id) as session:
        note_try(
            session,
            phone,
            told.device_id,
            told.image_hash,
            told.outcome,
            told.detail,
            now_ms=now_ms,
        )
    return bodies.TryAnswer()
