"""Messages cut to the size of an ATT value, and put together again.

A frame is one kind byte and a part of the message: ``whole``, or ``first`` (with the message's
length in two bytes, big endian), ``more`` and ``last``. One reassembly buffer for each
characteristic; a frame out of order empties it and is an error.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.wire.errors import WireError

WHOLE, FIRST, MORE, LAST = range(4)
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
    while len(rest) > step:
        yield bytes([MORE]) + rest[:step]
        rest = rest[step:]
    yield bytes([LAST]) + rest


class Reassembler:
    """One reassembly buffer; ``feed`` returns a message when its last frame came."""

    def __init__(self, maximum_bytes: int = MAXIMUM_MESSAGE_BYTES) -> None:
        self._maximum_bytes = maximum_bytes
        self._wanted = 0
        self._buffer = bytearray()

    def reset(self) -> None:
        """Forget a half-received message, at a new link for example."""
        self._wanted = 0
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
        kind, part = value[0], value[1:]
        if kind in (WHOLE, FIRST):
            return self._begin(kind, part)
        if kind not in (MORE, LAST):
            raise WireError("frame", f"has the unknown kind {kind}")
        if not self._wanted:
            raise WireError("frame", "goes on with a message that did not begin")
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
