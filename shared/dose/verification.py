"""The verification number of a report: by it a reader finds the record that the report was made of.

It rests on the chain's hash, which covers every byte of every record from the first on.
"""

from __future__ import annotations

import hashlib

DOMAIN = b"circlet/course-report/v1"
GROUPS, DIGITS = 5, 4


def verification_number(device_id: bytes, epoch: bytes, number: int, hash_: bytes) -> str:
    """Return the number for a device's record of an epoch up to record ``number``.

    ``hash_`` is the chain's hash at that record. 80 bits of a SHA-256 (own figure): short enough to
    be read out, too many for another record to be made that has the same.
    """
    content = b"".join((DOMAIN, device_id, epoch, number.to_bytes(8, "big"), hash_))
    digits = hashlib.sha256(content).hexdigest()[: GROUPS * DIGITS].upper()
    return "-".join(digits[at : at + DIGITS] for at in range(0, len(digits), DIGITS))
