"""A blob as it travels on Blob Data: a stream to the band, cut into numbered parts, and the band's
word for it.

A stream is a head and the blob's bytes from its offset on. Its parts are numbered from 0; part 0
begins a stream, also in the midst of another, and no stream has so many parts that another gets
that number. The phone numbers its streams too, so that a word of an earlier one isn't taken for
this one's. All integers are big endian.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from shared.trust.statements import HASH_BYTES
from shared.wire.errors import WireError
from shared.wire.operation_codes import BlobKind

NUMBERS = 256
NUMBER_BYTES = 1
MAXIMUM_BLOB_BYTES = 2048
QUESTION = 0xFFFF
"""In the place of an offset: no bytes follow, the band is to say what it holds."""

_HEAD = struct.Struct(f">BBHH{HASH_BYTES}s")
_WORD = struct.Struct(">BBH")
HEAD_BYTES = _HEAD.size
WORD_BYTES = _WORD.size


@dataclass(frozen=True)
class Head:
    """What a stream begins with; `offset` counts bytes of the blob, None asks what is held."""

    stream: int
    kind: BlobKind
    size: int
    offset: int | None
    hash: bytes


class Verdict(IntEnum):
    """What the band says of a stream."""

    WHOLE = 1
    """All bytes came and the hash holds: the blob waits, by its kind, for its operation."""

    GO_ON = 2
    """The band holds this much; it takes no more of this stream."""

    OTHER_BYTES = 3
    """All bytes came and they aren't those of the hash: none is kept."""

    REFUSED = 4
    """No such kind, or no such size."""


@dataclass(frozen=True)
class Word:
    """The band's word for a stream, and how many bytes of the blob it holds."""

    stream: int
    verdict: Verdict
    held: int


def encode_head(head: Head) -> bytes:
    """Return the head's bytes."""
    offset = QUESTION if head.offset is None else head.offset
    return _HEAD.pack(head.stream % NUMBERS, head.kind, head.size, offset, head.hash)


def decode_head(data: bytes) -> Head:
    """Return the head; raise WireError for a kind or a size that no blob has."""
    if len(data) != HEAD_BYTES:
        raise WireError("head", f"has not {HEAD_BYTES} bytes")
    stream, code, size, offset, digest = _HEAD.unpack(data)
    try:
        kind = BlobKind(code)
    except ValueError as problem:
        raise WireError("kind", f"{code} is unknown") from problem
    if not 1 <= size <= MAXIMUM_BLOB_BYTES:
        raise WireError("size", f"is not 1 to {MAXIMUM_BLOB_BYTES}")
    return Head(stream, kind, size, None if offset == QUESTION else offset, digest)


def encode_word(word: Word) -> bytes:
    """Return the word's bytes."""
    return _WORD.pack(word.stream, word.verdict, word.held)


def decode_word(data: bytes) -> Word:
    """Return the word; raise WireError for one that isn't as long, or says what no band says."""
    if len(data) != WORD_BYTES:
        raise WireError("word", f"has not {WORD_BYTES} bytes")
    stream, code, held = _WORD.unpack(data)
    try:
        return Word(stream, Verdict(code), held)
    except ValueError as problem:
        raise WireError("verdict", f"{code} is unknown") from problem


def stream_of(kind: BlobKind, blob: bytes, *, stream: int = 1, offset: int | None = 0) -> bytes:
    """Return a stream's bytes: its head, and the blob from ``offset`` on; None is the question."""
    digest = hashlib.sha256(blob).digest()
    head = encode_head(Head(stream, kind, len(blob), offset, digest))
    return head if offset is None else head + blob[offset:]


def parts(stream: bytes, value_bytes: int) -> Iterator[bytes]:
    """Yield a stream's parts, each at most ``value_bytes`` long (ATT MTU minus 3); raise WireError
    where there would be more of them than numbers."""
    step = value_bytes - NUMBER_BYTES
    if len(stream) > NUMBERS * step:
        raise WireError("stream", f"has more than {NUMBERS} parts")
    for number, start in enumerate(range(0, len(stream), step)):
        yield bytes([number]) + stream[start : start + step]


def read_part(value: bytes) -> tuple[int, bytes]:
    """Return a part's number and its bytes; raise WireError where there are none."""
    if len(value) <= NUMBER_BYTES:
        raise WireError("part", "carries nothing")
    return value[0], value[NUMBER_BYTES:]
