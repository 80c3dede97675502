"""MCUboot's image format: header, payload, protected TLVs, TLVs; the subset that a band takes.

Read from untrusted bytes: one image has one spelling, everything else is refused. Not for whether
the signature holds: see `signed`.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from shared.wire.errors import WireError

MAGIC = 0x96F3B83D
PROTECTED_MAGIC = 0x6908
PLAIN_MAGIC = 0x6907
HEADER = struct.Struct("<IIHHIIBBHII")
"""Magic, load address, header's and protected TLVs' size, payload's size, flags, version, pad."""

AREA = struct.Struct("<HH")
"""Magic and length of a TLV area, itself included; also type and length of a TLV."""

SECURITY_COUNTER = 0x50
CERTIFICATE = 0xA0
"""The maker's certificate for the signing key: a type that MCUboot leaves to vendors."""
SHA256 = 0x10
KEY_HASH = 0x01
SIGNATURE = 0x22

MAXIMUM_IMAGE_BYTES = 63 * 4096
"""What a slot of the emulated band holds beside its trailer (own figure)."""
MAXIMUM_CERTIFICATE_BYTES = 512
HASH_BYTES = 32
SIGNATURE_BYTES = range(8, 73)
"""An ECDSA signature on P-256 in DER."""


@dataclass(frozen=True, order=True)
class Version:
    """The header's version; newer is greater."""

    major: int
    minor: int
    revision: int
    build: int = 0

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.revision}"
        return f"{text}+{self.build}" if self.build else text


@dataclass(frozen=True)
class Image:
    """One image, its signature not yet judged."""

    version: Version
    payload: bytes
    security_counter: int
    certificate: bytes
    key_hash: bytes
    signature: bytes

    @property
    def signed_part(self) -> bytes:
        """Header, payload and protected TLVs: what hash and signature are over."""
        protected = area(
            PROTECTED_MAGIC,
            {
                SECURITY_COUNTER: self.security_counter.to_bytes(4, "little"),
                CERTIFICATE: self.certificate,
            },
        )
        version = self.version
        header = HEADER.pack(
            *(MAGIC, 0, HEADER.size, len(protected), len(self.payload), 0),
            *(version.major, version.minor, version.revision, version.build, 0),
        )
        return header + self.payload + protected

    @property
    def hash(self) -> bytes:
        """What names the image, from its signature to the list of slots."""
        return hashlib.sha256(self.signed_part).digest()


def write(image: Image) -> bytes:
    """Return the image's bytes."""
    plain = {SHA256: image.hash, KEY_HASH: image.key_hash, SIGNATURE: image.signature}
    return image.signed_part + area(PLAIN_MAGIC, plain)


def area(magic: int, values: Mapping[int, bytes]) -> bytes:
    """Return a TLV area."""
    tlvs = b"".join(AREA.pack(kind, len(value)) + value for kind, value in values.items())
    return AREA.pack(magic, AREA.size + len(tlvs)) + tlvs


def read(data: bytes) -> Image:
    """Return the image that ``data`` is; raise WireError for anything else."""
    if len(data) > MAXIMUM_IMAGE_BYTES:
        raise WireError("image", f"has {len(data)} bytes, more than {MAXIMUM_IMAGE_BYTES}")
    version, payload, behind = _header(data)
    protected, plain = _areas(data[behind:])
    counter, certificate = _values(protected, SECURITY_COUNTER, CERTIFICATE)
    image_hash, key_hash, signature = _values(plain, SHA256, KEY_HASH, SIGNATURE)
    _check_length("security counter", counter, 4)
    _check_length("key hash", key_hash, HASH_BYTES)
    if not 1 <= len(certificate) <= MAXIMUM_CERTIFICATE_BYTES:
        raise WireError("certificate", f"has 0 or more than {MAXIMUM_CERTIFICATE_BYTES} bytes")
    if len(signature) not in SIGNATURE_BYTES:
        raise WireError("signature", f"has {len(signature)} bytes")
    number = int.from_bytes(counter, "little")
    image = Image(version, payload, number, certificate, key_hash, signature)
    if image_hash != image.hash:
        raise WireError("hash", "is not over these bytes")
    if write(image) != data:
        raise WireError("header", "names another length than its TLVs have")
    return image


def length_in(slot: bytes) -> int:
    """Return how many bytes the image has that a slot begins with; WireError where none can be."""
    if len(slot) < HEADER.size:
        raise WireError("image", "is shorter than its header")
    magic, _, header, protected, payload, *_ = HEADER.unpack_from(slot)
    if magic != MAGIC:
        raise WireError("image", "does not begin as one")
    plain = header + payload + protected
    if len(slot) < plain + AREA.size:
        raise WireError("image", "ends before its hash")
    length: int = plain + AREA.unpack_from(slot, plain)[1]
    return length


def _header(data: bytes) -> tuple[Version, bytes, int]:
    """Return version, payload, and where the protected TLVs begin."""
    if len(data) < HEADER.size:
        raise WireError("image", "is shorter than its header")
    magic, load, size, protected, payload, flags, *version, pad = HEADER.unpack_from(data)
    if magic != MAGIC:
        raise WireError("image", "does not begin as one")
    if (load, size, flags, pad) != (0, HEADER.size, 0, 0):
        raise WireError("header", "asks for what this band doesn't do")
    behind = HEADER.size + payload
    if protected < AREA.size or behind + protected > len(data):
        raise WireError("header", "names a length beyond its bytes")
    return Version(*version), data[HEADER.size : behind], behind


def _areas(data: bytes) -> tuple[bytes, bytes]:
    """Return both TLV areas' content; nothing may follow them."""
    contents = []
    for magic in (PROTECTED_MAGIC, PLAIN_MAGIC):
        if len(data) < AREA.size:
            raise WireError("tlvs", "are missing")
        found, length = AREA.unpack_from(data)
        if found != magic or not AREA.size <= length <= len(data):
            raise WireError("tlvs", "don't begin or end as they must")
        contents.append(data[AREA.size : length])
        data = data[length:]
    if data:
        raise WireError("image", "has bytes after its end")
    return contents[0], contents[1]


def _values(content: bytes, *kinds: int) -> list[bytes]:
    """Return the values of exactly these TLVs, in this order."""
    values = []
    for kind in kinds:
        if len(content) < AREA.size:
            raise WireError(f"tlv {kind:#04x}", "is missing")
        found, length = AREA.unpack_from(content)
        if found != kind or AREA.size + length > len(content):
            raise WireError(f"tlv {kind:#04x}", "is not where it must be")
        values.append(content[AREA.size : AREA.size + length])
        content = content[AREA.size + length :]
    if content:
        raise WireError("tlvs", "are more than there may be")
    return values


def _check_length(name: str, value: bytes, length: int) -> None:
    if len(value) != length:
        raise WireError(name, f"has {len(value)} bytes, not {length}")
