"""Blobs as they came through the door: put together by the document's own words, waiting by kind.

Nothing of the firmware's or the phone's code for streams is used here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tests.campaign.schedules.oracle.figures import (
    BLOB_BYTES,
    BLOB_HEAD_BYTES,
    BLOB_KINDS,
    BLOB_QUESTION,
)


@dataclass
class Blobs:
    """The stream and the transfer under way, and what came whole since the boot."""

    waiting: dict[int, bytes] = field(default_factory=dict)
    _about: tuple[int, int, bytes] | None = None
    """Kind, size and hash of the transfer under way."""

    _received: bytes = b""
    _opening: bytes | None = None
    """What came of a stream's head; None where it's whole, or there is no stream."""

    _due: int = -1
    """The number of the part that counts next; -1 where none does."""

    def part(self, value: bytes) -> None:
        """Follow one part."""
        if len(value) < 2:
            return
        number, content = value[0], value[1:]
        if number == 0:
            self._opening, self._due = b"", 0
        if number != self._due:
            if self._opening is None and number != self._due - 1:
                self._due = -1
            return
        self._due += 1
        if self._opening is not None:
            content = self._open(self._opening + content)
        if self._opening is None and self._due > 0:
            self._put(content)

    def new_link(self) -> None:
        """No stream goes on over another link; what is held stays."""
        self._due = -1

    def _open(self, stream: bytes) -> bytes:
        """Read a stream's head; return the bytes behind it, where they count."""
        self._opening = stream
        if len(stream) < BLOB_HEAD_BYTES:
            return b""
        kind, size = stream[1], int.from_bytes(stream[2:4], "big")
        offset, digest = int.from_bytes(stream[4:6], "big"), stream[6:BLOB_HEAD_BYTES]
        self._opening = None
        if kind not in BLOB_KINDS or not 0 < size <= BLOB_BYTES or self._waits(kind, digest):
            self._due = -1
            return b""
        if self._about != (kind, size, digest):
            self._about, self._received = (kind, size, digest), b""
        if offset == BLOB_QUESTION or offset > len(self._received):
            self._due = -1
            return b""
        self._received = self._received[:offset]
        return stream[BLOB_HEAD_BYTES:]

    def _waits(self, kind: int, digest: bytes) -> bool:
        return kind in self.waiting and hashlib.sha256(self.waiting[kind]).digest() == digest

    def _put(self, content: bytes) -> None:
        """Put bytes behind what is there; the last ones are held against the hash."""
        assert self._about is not None
        kind, size, digest = self._about
        if len(self._received) + len(content) > size:
            self._due = -1
            return
        self._received += content
        if len(self._received) == size:
            if hashlib.sha256(self._received).digest() == digest:
                self.waiting[kind] = self._received
            self._about, self._received, self._due = None, b"", -1
