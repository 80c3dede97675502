"""The passkey's challenge, made from the bytes that it signs (R18).

SHA-256("circlet/list/v1" || CBOR array of SHA-256("circlet/<type>/v1" || bytes)): one statement
is a list of one, a list has at most 16.
"""

from __future__ import annotations

import hashlib

from shared.trust.errors import TrustError
from shared.wire import canonical

MAXIMUM_STATEMENTS = 16
PRESCRIPTION_TYPE = "circlet/prescription/v1"


def digest(statement_type: str, data: bytes) -> bytes:
    """Return the digest of one statement: its type and its canonical bytes."""
    return hashlib.sha256(statement_type.encode() + data).digest()


def challenge(digests: tuple[bytes, ...]) -> bytes:
    """Return the 32 bytes that the passkey is asked to sign for these statements, in order."""
    if not 1 <= len(digests) <= MAXIMUM_STATEMENTS:
        raise TrustError("list", f"a list has 1 to {MAXIMUM_STATEMENTS} statements")
    if any(len(item) != 32 for item in digests):
        raise TrustError("list", "a digest has 32 bytes")
    return hashlib.sha256(b"circlet/list/v1" + canonical.encode(list(digests))).digest()
