"""Changes of plain bytes, for what no tree knows: cuts, flips, doublings, joins of two inputs."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_LONGEST = 6000
_INTERESTING = b"\x00\x01\x17\x18\x1b\x20\x3b\x40\x5b\x5f\x60\x7b\x7f\x80\x9b\x9f\xa0\xbb\xbf\xc0"
_INTERESTING += b"\xc2\xc4\xc5\xd8\xdb\xf4\xf5\xf6\xf7\xf8\xf9\xfa\xfb\xfc\xff"


def havoc(rng: Random, data: bytes, other: bytes) -> bytes:
    """Return ``data`` after one to four changes; ``other`` is what it may be joined with."""
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        data = rng.choice(_WAYS)(rng, data, other)
    return data[:_LONGEST]


def noise(rng: Random) -> bytes:
    """Return bytes of no meaning."""
    return rng.randbytes(rng.choice((0, 1, 2, 3, 8, 20, 60, 129, 700)))


def _flip(rng: Random, data: bytes, other: bytes) -> bytes:
    if not data:
        return rng.randbytes(1)
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def _interesting(rng: Random, data: bytes, other: bytes) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + bytes([rng.choice(_INTERESTING)]) + data[place + 1 :]


def _insert(rng: Random, data: bytes, other: bytes) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + rng.randbytes(rng.choice((1, 1, 2, 8))) + data[place:]


def _drop(rng: Random, data: bytes, other: bytes) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + data[place + rng.choice((1, 1, 2, 8)) :]


def _cut(rng: Random, data: bytes, other: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def _extend(rng: Random, data: bytes, other: bytes) -> bytes:
    return data + rng.choice((b"\x00", b"\xff", b"=", b"\n", data, other, rng.randbytes(3)))


def _double(rng: Random, data: bytes, other: bytes) -> bytes:
    start, end = sorted((rng.randint(0, len(data)), rng.randint(0, len(data))))
    return data[:end] + data[start:end] + data[end:]


def _splice(rng: Random, data: bytes, other: bytes) -> bytes:
    return data[: rng.randint(0, len(data))] + other[rng.randint(0, len(other)) :]


_WAYS: tuple[Callable[[Random, bytes, bytes], bytes], ...] = (
    _flip,
    _flip,
    _interesting,
    _insert,
    _drop,
    _cut,
    _extend,
    _double,
    _splice,
)
