"""Messages cut to the size of an ATT value, and put together again.

A frame is one head byte and a part of the message: ``whole``, or ``first`` (with the message's
length in two bytes, big endian), ``more`` and ``last``. The head's lower two bits are that kind,
the upper six count the frames of the message from 0, around after 63: so no two frames in a row
are alike, and one that was doubled is told from one that says the same. One reassembly buffer for
each characteristic; a frame out of order empties it and is an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.wire.errors import WireError

WHOLE, FIRST, MORE, LAST = range(4)
_KIND_BITS = 2
_NUMBERS = 64
MAXIMUM_MESSAGE_BYTES = 4096
ATT_HEADER_BYTES = 3


def frames(message: bytes, value_bytes: int) -> Iterator[bytes]:
    """Yield the frames of ``message``, each at most ``value_bytes`` long (ATT MTU minus 3)."""
    if len(message) > MAXIMUM_MESSAGE_BYTES:
        raise WireError("message", f"has {len(message)} bytes, at most {MAXIMUM_MESSAGE_BYTES}")
    if value_bytes < 4:
        raise WireError("value_bytes", f"{value_bytes} is below 4")
    if len(message) <= value_bytes - 1:
        yield bytes([WHOLE]) + message
        return
    head = value_bytes - 3
    yield bytes([FIRST]) + len(message).to_bytes(2, "big") + message[:head]
    rest = message[head:]
    step = value_bytes - 1
    number = 1
    while len(rest) > step:
        yield _head(MORE, number) + rest[:step]
        rest = rest[step:]
        number += 1
    yield _head(LAST, number) + rest


def _head(kind: int, number: int) -> bytes:
    return bytes([number % _NUMBERS << _KIND_BITS | kind])


class Reassembler:
    """One reassembly buffer; ``feed`` returns a message when its last frame came."""

    def __init__(self, maximum_bytes: int = MAXIMUM_MESSAGE_BYTES) -> None:
        self._maximum_bytes = maximum_bytes
        self._wanted = 0
        self._number = 0
        self._buffer = bytearray()

    def reset(self) -> None:
        """Forget a half-received message, at a new link for example."""
        self._wanted = self._number = 0
        self._buffer.clear()

    def feed(self, value: bytes) -> bytes | None:
        """Take one ATT value; raise WireError, with the buffer emptied, for one out of order."""
        try:
            return self._take(value)
        except WireError:
            self.reset()
            raise

    def _take(self, value: bytes) -> bytes | None:
        if not value:
            raise WireError("frame", "is empty")
        number, kind = divmod(value[0], 1 << _KIND_BITS)
        part = value[1:]
        if kind in (WHOLE, FIRST):
            if number:
                raise WireError("frame", f"begins a message with the number {number}, not 0")
            return self._begin(kind, part)
        if not self._wanted:
            raise WireError("frame", "goes on with a message that did not begin")
        self._number = (self._number + 1) % _NUMBERS
        if number != self._number:
            raise WireError("frame", f"has the number {number}, not {self._number}")
        self._buffer += part
        return self._finish(kind)

    def _begin(self, kind: int, part: bytes) -> bytes | None:
        self.reset()
        if kind == WHOLE:
            if len(part) > self._maximum_bytes:
                raise WireError("message", f"is longer than {self._maximum_bytes} bytes")
            return part
        if len(part) < 3:
            raise WireError("frame", "is a first frame without length and content")
        self._wanted = int.from_bytes(part[:2], "big")
        if not 0 < self._wanted <= self._maximum_bytes:
            raise WireError("message", f"is longer than {self._maximum_bytes} bytes")
        self._buffer += part[2:]
        return self._finish(MORE)

    def _finish(self, kind: int) -> bytes | None:
        if len(self._buffer) > self._wanted:
            raise WireError("message", "is longer than its first frame said")
        if kind == MORE:
            return None
        if len(self._buffer) != self._wanted:
            raise WireError("message", "is shorter than its first frame said")
        message = bytes(self._buffer)
        self.reset()
        return message
