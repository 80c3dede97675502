"""TEST KEYS, for vectors and tests only: anybody can make their private halves from their names.

Signatures are deterministic (RFC 6979), so that the same seed gives the same files.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shared.trust.keys import SoftwareKey, raw_signature

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of P-256."""

_DETERMINISTIC = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class TestKey(SoftwareKey):
    """A key made from a name; it signs the same bytes the same way each time."""

    def sign(self, message: bytes) -> bytes:
        """Return r || s, low s, over ``message``."""
        return raw_signature(self._private.sign(message, _DETERMINISTIC))


def key_for_tests(name: str) -> TestKey:
    """Return the TEST KEY of this name: SHA-256 of its name, reduced, is the private half."""
    return TestKey(ec.derive_private_key(private_of(name), ec.SECP256R1()))


def private_of(name: str) -> int:
    """Return the private half of the TEST KEY of this name."""
    digest = hashlib.sha256(b"circlet TEST KEY " + name.encode()).digest()
    return int.from_bytes(digest, "big") % (ORDER - 1) + 1
