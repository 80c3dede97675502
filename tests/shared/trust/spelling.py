"""CBOR written by hand: the same value in the spellings that a strict reader has to refuse.

Writes maps, lists and scalars as RFC 8949 allows them, not as our encoder would, and signs over
whatever bytes it is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cbor2

from shared.trust.keys import SoftwareKey

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def sign_payload(payload: bytes, key: SoftwareKey) -> bytes:
    """Return a COSE_Sign1 whose signature holds over any payload."""
    protected = cbor2.dumps({1: -7, 4: key.public_key.key_id}, canonical=True)
    covered = cbor2.dumps(["Signature1", protected, b"", payload], canonical=True)
    parts = [protected, {}, payload, key.sign(covered)]
    return cbor2.dumps(cbor2.CBORTag(18, parts), canonical=True)


def second_spellings(value: dict[int, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the same map (or one that a loose reader takes for it) in other bytes."""
    plain = cbor2.dumps(value, canonical=True)
    pairs = [(cbor2.dumps(k), cbor2.dumps(v, canonical=True)) for k, v in sorted(value.items())]
    joined = b"".join(k + v for k, v in pairs)
    first_key, first_value = pairs[0]
    rest = b"".join(k + v for k, v in pairs[1:])
    head, count = plain[:1], len(pairs)
    if count > 1:
        yield "keys in another order", head + b"".join(k + v for k, v in reversed(pairs))
    yield "a key in two bytes", head + b"\x18" + first_key + first_value + rest
    yield "a map without a length", b"\xbf" + joined + b"\xff"
    yield "a map's length in two bytes", b"\xb8" + bytes([count]) + joined
    yield "a key twice", bytes([0xA0 + count + 1]) + first_key + first_value + joined
    yield "a tag around it", b"\xd9\xd9\xf7" + plain
    yield "a byte after it", plain + b"\x00"
    yield "a byte too few", plain[:-1]


def second_signature(signature: bytes) -> bytes:
    """Return the other signature that plain ECDSA accepts for the same message."""
    s = ORDER - int.from_bytes(signature[32:], "big")
    return signature[:32] + s.to_bytes(32, "big")
