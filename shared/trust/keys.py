"""P-256 keys behind a port, so that a keystore, an HSM or a secure element can stand there.

Public keys travel compressed (33 bytes, SEC 1 section 2.3.3); a key id is the first half of their
SHA-256. Signatures are raw r || s (64 bytes) with low s only, so that nobody can make a second
signature out of a first.
"""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from shared.trust.errors import TrustError

KEY_BYTES = 33
KEY_ID_BYTES = 16
SIGNATURE_BYTES = 64
RANDOM_BYTES = 40
"""So many, that no key is likelier than another by more than 2^-64."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_ES256 = ec.ECDSA(hashes.SHA256())


@dataclass(frozen=True)
class PublicKey:
    """A compressed P-256 point."""

    data: bytes

    def __post_init__(self) -> None:
        if len(self.data) != KEY_BYTES:
            raise TrustError("key", f"a public key has {KEY_BYTES} bytes, not {len(self.data)}")
        try:
            _point(self.data)
        except ValueError as problem:
            raise TrustError("key", "the public key is not a point of P-256") from problem

    @property
    def key_id(self) -> bytes:
        """First 16 bytes of the key's SHA-256."""
        return hashlib.sha256(self.data).digest()[:KEY_ID_BYTES]

    @property
    def fingerprint(self) -> str:
        """The key's SHA-256 in groups of four hexadecimal digits, for two people to compare."""
        digits = hashlib.sha256(self.data).hexdigest()
        return " ".join(digits[i : i + 4] for i in range(0, 32, 4))

    def point(self) -> ec.EllipticCurvePublicKey:
        """Return the key as the cryptography library's object."""
        return _point(self.data)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raise TrustError unless ``signature`` (r || s, low s) is this key's over ``message``."""
        if len(signature) != SIGNATURE_BYTES:
            raise TrustError("signature", f"a signature has {SIGNATURE_BYTES} bytes")
        r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        if s > _ORDER // 2:
            raise TrustError("signature", "the signature is in its second, malleable form")
        try:
            self.point().verify(encode_dss_signature(r, s), message, _ES256)
        except InvalidSignature as problem:
            raise TrustError("signature", "the signature is not by this key") from problem


@functools.lru_cache(maxsize=256)
def _point(data: bytes) -> ec.EllipticCurvePublicKey:
    """Decompress a point once: the same few keys are judged again and again."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), data)


class Signer(Protocol):
    """A private key that signs and is never read out."""

    @property
    def public_key(self) -> PublicKey:
        """The public half."""

    def sign(self, message: bytes) -> bytes:
        """Return r || s, low s, over ``message`` (ECDSA P-256, SHA-256)."""


class KeyStore(Protocol):
    """Named keys that sign where they lie: a phone's keystore, an HSM, a folder of files.

    Private halves never come out. Another key never takes the place of a name.
    """

    def create(self, name: str) -> Signer:
        """Make a fresh key under a name that is free."""

    def open(self, name: str) -> Signer:
        """Return the signer of a name that there is."""

    def names(self) -> tuple[str, ...]:
        """Return the names of all keys, in order."""


class SoftwareKey:
    """A private key in memory; for servers, the emulator, and phones without a keystore."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self._public = PublicKey(compressed(private.public_key()))

    @classmethod
    def generate(cls) -> SoftwareKey:
        """Return a fresh key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_random(cls, random: bytes) -> SoftwareKey:
        """Return the key that random bytes make (FIPS 186-5, A.2.1): the device has a source of its
        own."""
        if len(random) < RANDOM_BYTES:
            raise ValueError(f"random: {len(random)} bytes, at least {RANDOM_BYTES}")
        secret = int.from_bytes(random) % (_ORDER - 1) + 1
        return cls(ec.derive_private_key(secret, ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> SoftwareKey:
        """Return the key of a PKCS #8 file; a password is for an encrypted one only."""
        try:
            private = serialization.load_pem_private_key(pem, password)
        except (ValueError, TypeError, UnsupportedAlgorithm) as problem:
            raise TrustError("key", "the key file is not readable") from problem
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TrustError("key", "the key file does not hold a P-256 key")
        return cls(private)

    def to_pem(self, password: bytes | None = None) -> bytes:
        """Return the key as PKCS #8, encrypted where there is a password."""
        return self._private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            _encryption(password),
        )

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return r || s, low s, over ``message``."""
        return raw_signature(self._private.sign(message, _ES256))

    def agree(self, other: PublicKey) -> bytes:
        """Return the ECDH shared secret with ``other`` (32 bytes)."""
        return self._private.exchange(ec.ECDH(), other.point())


def _encryption(password: bytes | None) -> serialization.KeySerializationEncryption:
    if password is None:
        return serialization.NoEncryption()
    return serialization.BestAvailableEncryption(password)


def compressed(public: ec.EllipticCurvePublicKey) -> bytes:
    """Return the 33-byte form of a library key."""
    return public.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )


def raw_signature(der: bytes) -> bytes:
    """Return r || s with low s from a DER signature; raise TrustError where it isn't one."""
    try:
        r, s = decode_dss_signature(der)
    except ValueError as problem:
        raise TrustError("signature", "the signature is not DER") from problem
    if not (0 < r < _ORDER and 0 < s < _ORDER):
        raise TrustError("signature", "the signature is out of range")
    return r.to_bytes(32, "big") + min(s, _ORDER - s).to_bytes(32, "big")
