"""Keys that are the same in every run, and sign the same bytes the same way: no chance in sizes.

A pool made once; nothing of it protects anything.
"""

from __future__ import annotations

import functools

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from shared.trust.keys import SoftwareKey, raw_signature
from tests.campaign.schedules.remembered import note_made

_SAME = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)


class FixedKey(SoftwareKey):
    """A key from a number, whose signatures draw no chance."""

    def sign(self, message: bytes) -> bytes:
        """Return r || s, low s, over ``message``."""
        signature = raw_signature(self._private.sign(message, _SAME))
        note_made(self._public.data, signature, message)
        return signature


@functools.cache
def fixed_key(number: int) -> FixedKey:
    """Return the pool's key of that number."""
    private = ec.derive_private_key(0xC1C1E7_0000 + number * 7_919, ec.SECP256R1())
    return FixedKey(private)


class Ephemerals:
    """Keys for arming, in the pool's order, from a place on that a seed gives."""

    SIZE = 400

    def __init__(self, seed: int) -> None:
        self._next = seed

    def __call__(self) -> FixedKey:
        self._next += 1
        return fixed_key(1_000 + self._next % self.SIZE)
