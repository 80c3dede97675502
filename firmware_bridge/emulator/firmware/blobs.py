"""Messages too large for one control message: received by offset, committed by hash.

One transfer at a time; it goes on where it stood when the same blob is announced again. A blob
that was committed waits, by kind, for the operation that uses it, and dies at reboot.
"""

from __future__ import annotations

import hashlib

from firmware_bridge.emulator.firmware.outside import Refused
from shared.wire.operations import BlobBeginArguments, BlobChunkArguments, BlobKind, StatusCode


class Blobs:
    """The transfer under way and the blobs that wait."""

    def __init__(self) -> None:
        self._announced: BlobBeginArguments | None = None
        self._received = bytearray()
        self._waiting: dict[BlobKind, bytes] = {}

    def begin(self, announced: BlobBeginArguments) -> int:
        """Return the offset from which to send: above 0 when this blob was begun before."""
        if announced != self._announced:
            self._announced = announced
            self._received.clear()
        return len(self._received)

    def chunk(self, part: BlobChunkArguments) -> int:
        """Take a part; return how many bytes stand now. A part seen before changes nothing."""
        if self._announced is None:
            raise Refused(StatusCode.WRONG_STATE, "no_blob_begun")
        end = part.offset + len(part.data)
        if end > self._announced.size or part.offset > len(self._received):
            raise Refused(StatusCode.BAD_REQUEST, "blob_offset")
        if end > len(self._received):
            self._received[part.offset :] = part.data
        return len(self._received)

    def commit(self) -> None:
        """Keep the blob for its use; raise Refused when it is truncated or other bytes."""
        announced = self._announced
        if announced is None:
            raise Refused(StatusCode.WRONG_STATE, "no_blob_begun")
        if len(self._received) != announced.size:
            raise Refused(StatusCode.BAD_REQUEST, "blob_truncated")
        data = bytes(self._received)
        self._announced = None
        if hashlib.sha256(data).digest() != announced.hash:
            raise Refused(StatusCode.BAD_REQUEST, "blob_hash")
        self._waiting[announced.kind] = data

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
