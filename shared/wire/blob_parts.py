"""A blob's parts as they travel on Blob Data: one byte that numbers them, then the bytes.

The numbers begin with 0 at each announcement and go around after 255, more than the parts of the
longest blob: a part that was doubled, lost or late is told from the one that is due. Where a part
belongs the number alone says.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.wire.errors import WireError

NUMBERS = 256
HEAD_BYTES = 1


def parts(data: bytes, value_bytes: int) -> Iterator[bytes]:
    """Yield the parts of ``data``, each at most ``value_bytes`` long (ATT MTU minus 3)."""
    step = value_bytes - HEAD_BYTES
    for number, start in enumerate(range(0, len(data), step)):
        yield bytes([number % NUMBERS]) + data[start : start + step]


def read_part(value: bytes) -> tuple[int, bytes]:
    """Return a part's number and its bytes; raise WireError where there are none."""
    if len(value) <= HEAD_BYTES:
        raise WireError("part", "carries nothing")
    return value[0], value[HEAD_BYTES:]
