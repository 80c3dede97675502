"""Which band is in which ring of a release: named ones, then a share of all, then all.

The share is by a hash over release and device, so that a band's place is the same whenever it's
asked, and another one for each release.
"""

from __future__ import annotations

import hashlib

NAMED, SHARE, ALL = 1, 2, 3
WORDS = {NAMED: "named bands", SHARE: "a share of the bands", ALL: "every band"}


def ring_of(image_hash: bytes, device_id: bytes, *, is_named: bool, share_percent: int) -> int:
    """Return the first ring that has the band."""
    if is_named:
        return NAMED
    drawn = hashlib.sha256(b"circlet/release/v1" + image_hash + device_id).digest()
    return SHARE if int.from_bytes(drawn[:8]) % 100 < share_percent else ALL
