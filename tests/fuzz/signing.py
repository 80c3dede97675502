"""Fixed test keys, and COSE_Sign1 around any payload: what is signed need not make sense.

Signatures are deterministic (RFC 6979), so that a seed gives the same inputs each time.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from shared.trust.keys import SoftwareKey, raw_signature
from shared.wire import fields
from tests.fuzz.cbor_tree import Node, array, mapping, number, read, string, tagged

_ES256 = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIGN1_TAG = 18


class FixedKey(SoftwareKey):
    """A key that signs the same bytes with the same signature."""

    def __init__(self, name: str) -> None:
        scalar = int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") >> 1
        self._own = ec.derive_private_key(scalar, ec.SECP256R1())
        super().__init__(self._own)

    def sign(self, message: bytes) -> bytes:
        return raw_signature(self._own.sign(message, _ES256))


KEYS = tuple(FixedKey(f"fuzz {number}") for number in range(6))
ROOT, STAFF, ONLINE, APP, DEVICE, VAULT = KEYS


def der(raw: bytes) -> bytes:
    """Return a raw signature as an authenticator sends it."""
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


def high_s(raw: bytes) -> bytes:
    """Return the other signature that plain ECDSA accepts for the same message."""
    return raw[:32] + (_ORDER - int.from_bytes(raw[32:], "big")).to_bytes(32, "big")


def is_low_s(raw: bytes) -> bool:
    """Whether this is the one of the two that is to be accepted."""
    return int.from_bytes(raw[32:], "big") <= _ORDER // 2


def protected_of(key: SoftwareKey) -> Node:
    """Return the protected header's map."""
    return mapping([number(1), number(-7), number(4), string(key.public_key.key_id)])


def payload_of(kind: str, key: SoftwareKey, audience: bytes, body: Node) -> Node:
    """Return the statement's map around a body."""
    parts = [read(b"\x00"), string(kind.encode(), 3), number(1), string(key.public_key.key_id)]
    return mapping([*parts, number(2), string(audience), number(3), body])


def envelope(protected: bytes, payload: bytes, key: SoftwareKey) -> Node:
    """Return the COSE_Sign1 whose signature by ``key`` holds over these bytes."""
    covered = array([string(b"Signature1", 3), string(protected), string(b""), string(payload)])
    return around(protected, payload, key.sign(covered.raw))


def around(protected: bytes, payload: bytes, signature: bytes) -> Node:
    """Return the COSE_Sign1 of these parts, whatever they are."""
    parts = [string(protected), mapping([]), string(payload), string(signature)]
    return tagged(SIGN1_TAG, array(parts))


def again(statement: Any, key: SoftwareKey, audience: bytes, signature: bytes) -> bytes:
    """Return the only envelope that a statement has with this signature."""
    body = read(fields.pack(statement))
    payload = payload_of(statement.TYPE, key, audience, body)
    return around(protected_of(key).raw, payload.raw, signature).raw
