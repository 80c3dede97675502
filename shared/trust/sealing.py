"""HPKE (RFC 9180: P-256, HKDF-SHA-256, AES-256-GCM) to a vault or care key.

A sealed item says to which key; what it is stands in the associated data, so that ciphertext of
one kind or patient opens in no other's place.
"""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from pyhpke import AEADId, CipherSuite, KDFId, KEMId, KEMKey, PyHPKEError

from shared.trust.errors import TrustError
from shared.trust.keys import KEY_ID_BYTES, PublicKey, SoftwareKey
from shared.wire import fields
from shared.wire.errors import WireError
from shared.wire.fields import wire

_INFO = b"circlet/sealed/v1"
_SUITE = CipherSuite.new(KEMId.DHKEM_P256_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


@dataclass(frozen=True)
class Sealed:
    """A sealed item: recipient's key id, encapsulated key, ciphertext with tag."""

    key_id: bytes = wire(1, length=KEY_ID_BYTES)
    encapsulated: bytes = wire(2, length=65)
    ciphertext: bytes = wire(3, minimum=16, maximum=8_000_000)


def seal(plain: bytes, *, to: PublicKey, context: bytes) -> bytes:
    """Return ``plain`` sealed to ``to``; ``context`` (kind and owner) must be given to open it."""
    pem = to.point().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    encapsulated, sender = _SUITE.create_sender_context(KEMKey.from_pem(pem), info=_INFO)
    return fields.pack(Sealed(to.key_id, encapsulated, sender.seal(plain, aad=context)))


def open_sealed(data: bytes, *, key: SoftwareKey, context: bytes) -> bytes:
    """Return the plain bytes; raise TrustError for another key, context or changed bytes."""
    try:
        item = fields.unpack(Sealed, data)
        if item.key_id != key.public_key.key_id:
            raise TrustError("recipient", "this is sealed to another key")
        private = KEMKey.from_pem(key.to_pem())
        recipient = _SUITE.create_recipient_context(item.encapsulated, private, info=_INFO)
        return recipient.open(item.ciphertext, aad=context)
    except (WireError, PyHPKEError, ValueError) as problem:
        if isinstance(problem, TrustError):
            raise
        raise TrustError("sealed", "the sealed item does not open") from problem
