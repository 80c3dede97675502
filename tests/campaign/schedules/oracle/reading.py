"""Bytes to plain values: CBOR, COSE_Sign1, the passkey's assertion; and whose signature it is."""

from __future__ import annotations

import base64
import functools
import hashlib
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

_ES256 = ec.ECDSA(hashes.SHA256())
Body = dict[int, Any]


@dataclass(frozen=True)
class Statement:
    """What an envelope says, by whom and for whom; ``name`` is its SHA-256."""

    type: str
    issuer: bytes
    audience: bytes
    body: Body
    name: bytes
    envelope: bytes

    def by(self, key: bytes | None) -> bool:
        """Return whether that key signed it."""
        return key is not None and self.issuer == key_id(key) and _signed(self.envelope, key)


@dataclass(frozen=True)
class Word:
    """What a passkey signed: bytes, their decoded map, and the certificate that comes along."""

    data: bytes
    body: Body
    assertion: Body
    certificate: bytes

    @property
    def name(self) -> bytes:
        """SHA-256 of the signed bytes."""
        return hashlib.sha256(self.data).digest()

    def by(self, kind: str, certificate: Body | None) -> bool:
        """Return whether the certified key signed these bytes under this type."""
        return certificate is not None and _asserted(
            self.data, cbor2.dumps(self.assertion), kind, certificate[2], certificate.get(8, "")
        )


@functools.lru_cache(maxsize=1_024)
def key_id(key: bytes) -> bytes:
    """First half of the key's SHA-256."""
    return hashlib.sha256(key).digest()[:16]


@functools.lru_cache(maxsize=8_192)
def request(message: bytes) -> tuple[int, Body] | None:
    """Operation and arguments; None for what is no request."""
    try:
        _, operation, arguments = cbor2.loads(message)
    except (ValueError, TypeError, EOFError):
        return None
    return operation, arguments


@functools.lru_cache(maxsize=8_192)
def answer(message: bytes) -> tuple[int, Body]:
    """Status and result."""
    _, status, result = cbor2.loads(message)
    return status, result


@functools.lru_cache(maxsize=4_096)
def statement(envelope: bytes) -> Statement | None:
    """What an envelope says; None where it is none."""
    try:
        _, _, payload, _ = cbor2.loads(envelope).value
        said = cbor2.loads(payload)
        return Statement(
            said[0], said[1], said[2], said[3], hashlib.sha256(envelope).digest(), envelope
        )
    except (ValueError, TypeError, AttributeError, KeyError, EOFError):
        return None


@functools.lru_cache(maxsize=1_024)
def word(blob: bytes) -> Word | None:
    """What a signed prescription or staff word holds; None where it is neither."""
    try:
        outer = cbor2.loads(blob)
        return Word(outer[1], cbor2.loads(outer[1]), outer[2], outer[3])
    except (ValueError, TypeError, KeyError, EOFError):
        return None


@functools.lru_cache(maxsize=8_192)
def _signed(envelope: bytes, key: bytes) -> bool:
    protected, _, payload, signature = cbor2.loads(envelope).value
    return verified(key, signature, cbor2.dumps(["Signature1", protected, b"", payload]))


@functools.lru_cache(maxsize=4_096)
def _asserted(data: bytes, assertion: bytes, kind: str, key: bytes, origin: str) -> bool:
    made = cbor2.loads(assertion)
    digest = hashlib.sha256(kind.encode() + data).digest()
    if made[4][made.get(5, 0)] != digest:
        return False
    challenge = hashlib.sha256(b"circlet/list/v1" + cbor2.dumps(made[4])).digest()
    asked = base64.urlsafe_b64encode(challenge).rstrip(b"=")
    opening = b'{"type":"webauthn.get","challenge":"' + asked + b'","origin":"' + origin.encode()
    if not made[2].startswith(opening + b'"'):
        return False
    try:
        _point(key).verify(made[3], made[1] + hashlib.sha256(made[2]).digest(), _ES256)
    except InvalidSignature:
        return False
    return True


@functools.lru_cache(maxsize=256)
def _point(key: bytes) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)


def verified(key: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether r || s is this key's over the message."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        _point(key).verify(encode_dss_signature(r, s), message, _ES256)
    except InvalidSignature:
        return False
    return True
