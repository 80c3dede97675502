"""Messages too large for one control message: announced, received in order, committed by hash.

One transfer at a time; it goes on where it stood when the same blob is announced again. A blob
that was committed waits, by kind, for the operation that uses it, and dies at reboot.
"""

from __future__ import annotations

import hashlib

from firmware_bridge.emulator.firmware.outside import Refused
from shared.wire.blob_parts import NUMBERS, read_part
from shared.wire.errors import WireError
from shared.wire.operations import BlobBeginArguments, BlobKind, StatusCode


class Blobs:
    """The transfer under way and the blobs that wait."""

    def __init__(self) -> None:
        self._announced: tuple[BlobKind, int, bytes] | None = None
        self._received = bytearray()
        self._next_number: int | None = None
        self._waiting: dict[BlobKind, bytes] = {}

    def begin(self, asked: BlobBeginArguments) -> int:
        """Return the offset from which to send: above 0 when this blob was begun before."""
        announced = (asked.kind, asked.size, asked.hash)
        if announced != self._announced:
            self._announced = announced
            self._received[:] = self._committed(asked)
        held = len(self._received)
        wanted = held if asked.offset is None else asked.offset
        self._next_number = 0 if wanted <= held else None
        del self._received[wanted:]
        return len(self._received)

    def _committed(self, asked: BlobBeginArguments) -> bytes:
        """Return the very blob where it waits already: the answer to its commit was lost."""
        waiting = self._waiting.get(asked.kind, b"")
        return waiting if hashlib.sha256(waiting).digest() == asked.hash else b""

    def part(self, value: bytes) -> None:
        """Take the part that is due, and let any other go: the commit tells what is missing."""
        if self._announced is None or self._next_number is None:
            return
        try:
            number, data = read_part(value)
        except WireError:
            return
        if number != self._next_number or len(self._received) + len(data) > self._announced[1]:
            return
        self._received += data
        self._next_number = (number + 1) % NUMBERS

    def commit(self) -> None:
        """Keep the blob for its use; raise Refused when it is truncated or other bytes."""
        if self._announced is None:
            raise Refused(StatusCode.WRONG_STATE, "no_blob_begun")
        kind, size, digest = self._announced
        if len(self._received) != size:
            raise Refused(StatusCode.BAD_REQUEST, "blob_truncated")
        data = bytes(self._received)
        self._announced = None
        if hashlib.sha256(data).digest() != digest:
            raise Refused(StatusCode.BAD_REQUEST, "blob_hash")
        self._waiting[kind] = data

    def __contains__(self, kind: BlobKind) -> bool:
        """Return whether a committed blob of this kind waits."""
        return kind in self._waiting

    def look(self, kind: BlobKind) -> bytes:
        """Return a committed blob; it goes on waiting."""
        try:
            return self._waiting[kind]
        except KeyError:
            raise Refused(StatusCode.WRONG_STATE, f"no_{kind.name.lower()}") from None

    def take(self, kind: BlobKind) -> bytes:
        """Return a committed blob, once."""
        data = self.look(kind)
        del self._waiting[kind]
        return data
