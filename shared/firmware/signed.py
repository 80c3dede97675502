"""Making a signed image, and judging one: the maker's root, the firmware key, the image.

The certificate of the firmware key travels in the image, among what is signed, so that a band needs
to hold the maker's root alone. Not for versions and downgrades: those are the band's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.firmware.image import Image, Version, write
from shared.firmware.manifest import PRODUCT, Manifest
from shared.trust import certificates
from shared.trust.errors import TrustError
from shared.trust.keys import SIGNATURE_BYTES, PublicKey, Signer, raw_signature
from shared.trust.statements import Purpose
from shared.wire.fields import pack

AUDIENCE = PRODUCT.encode()
"""Whom the maker's certificate of a firmware key is for."""


@dataclass(frozen=True)
class Release:
    """What is to be signed."""

    manifest: Manifest
    version: Version
    security_counter: int


def make(release: Release, *, key: Signer, certificate: bytes) -> bytes:
    """Return the bytes of a release's image, signed by ``key``."""
    unsigned = Image(
        version=release.version,
        payload=pack(release.manifest),
        security_counter=release.security_counter,
        certificate=certificate,
        key_hash=key_hash(key.public_key),
        signature=b"",
    )
    return write(replace(unsigned, signature=_der(key.sign(unsigned.signed_part))))


def judge(image: Image, *, maker: PublicKey, now_s: int | None) -> None:
    """Raise TrustError unless a firmware key of the maker's signed the image.

    ``now_s`` is None where no clock is trusted: then the certificate's dates aren't judged.
    """
    certificate = certificates.judge(
        image.certificate, purpose=Purpose.FIRMWARE, clinic_id=AUDIENCE, root=maker, now_s=now_s
    )
    key = certificates.key_of(certificate)
    if image.key_hash != key_hash(key):
        raise TrustError("issuer", "the image names another key than its certificate")
    key.verify(raw_signature(image.signature), image.signed_part)


def key_hash(key: PublicKey) -> bytes:
    """Return what MCUboot names a key by: SHA-256 over its SubjectPublicKeyInfo in DER."""
    info = key.point().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()


def _der(signature: bytes) -> bytes:
    half = SIGNATURE_BYTES // 2
    return encode_dss_signature(
        int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    )
