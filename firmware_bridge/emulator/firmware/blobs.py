"""Messages too large for one control message: received as a stream of parts, kept by their hash.

One transfer at a time; it goes on where it stood when the same blob is sent again. A blob that came
whole waits, by kind, for the operation that uses it, and dies at reboot.
"""

from __future__ import annotations

import hashlib

from firmware_bridge.emulator.firmware.outside import Refused
from shared.wire.blob_parts import HEAD_BYTES, Head, Verdict, Word, decode_head, read_part
from shared.wire.errors import WireError
from shared.wire.operations import BlobKind, StatusCode


class Blobs:
    """The transfer under way and the blobs that wait."""

    def __init__(self) -> None:
        self._heading = bytearray()
        self._head: Head | None = None
        self._due: int | None = None
        self._received = bytearray()
        self._transfer: tuple[BlobKind, int, bytes] | None = None
        self._waiting: dict[BlobKind, bytes] = {}

    def part(self, value: bytes) -> Word | None:
        """Take a part, and return what there is to say of its stream now."""
        try:
            number, data = read_part(value)
        except WireError:
            return None
        if number == 0:
            self._begin_stream()
        if self._due is None or number == self._due - 1:
            return None
        if number != self._due:
            return None if self._head is None else self._go_on(self._head)
        self._due = number + 1
        return self._take(data)

    def forget_link(self) -> None:
        """Take no more of the stream under way; what is held of its blob stays."""
        self._due = None

    def _begin_stream(self) -> None:
        """Part 0 is due, whatever there was before."""
        self._heading.clear()
        self._head, self._due = None, 0

    def _take(self, data: bytes) -> Word | None:
        """Take a stream's next bytes: the first of them are its head."""
        if self._head is not None:
            return self._receive(self._head, data)
        self._heading += data
        if len(self._heading) < HEAD_BYTES:
            return None
        try:
            self._head = decode_head(bytes(self._heading[:HEAD_BYTES]))
        except WireError:
            self._due = None
            return Word(self._heading[0], Verdict.REFUSED, 0)
        return self._follow(self._head) or self._receive(self._head, self._heading[HEAD_BYTES:])

    def _follow(self, head: Head) -> Word | None:
        """Make the head's blob the one under way; say so at once where no bytes are wanted."""
        if self._waits(head):
            self._due = None
            return Word(head.stream, Verdict.WHOLE, head.size)
        transfer = (head.kind, head.size, head.hash)
        if transfer != self._transfer:
            self._transfer = transfer
            self._received.clear()
        if head.offset is None or head.offset > len(self._received):
            return self._go_on(head)
        del self._received[head.offset :]
        return None

    def _waits(self, head: Head) -> bool:
        """Whether the very blob came whole and wasn't used: the word for it was lost."""
        waiting = self._waiting.get(head.kind)
        return waiting is not None and hashlib.sha256(waiting).digest() == head.hash

    def _receive(self, head: Head, data: bytes | bytearray) -> Word | None:
        if len(self._received) + len(data) > head.size:
            return self._go_on(head)
        self._received += data
        return None if len(self._received) < head.size else self._judge(head)

    def _judge(self, head: Head) -> Word:
        """Keep the blob for its use, or nothing of it where it's other bytes."""
        data = bytes(self._received)
        self._due = self._transfer = None
        self._received.clear()
        if hashlib.sha256(data).digest() != head.hash:
            return Word(head.stream, Verdict.OTHER_BYTES, 0)
        self._waiting[head.kind] = data
        return Word(head.stream, Verdict.WHOLE, head.size)

    def _go_on(self, head: Head) -> Word:
        """Take no more of this stream: what follows isn't what is due."""
        self._due = None
        return Word(head.stream, Verdict.GO_ON, len(self._received))

    def __contains__(self, kind: BlobKind) -> bool:
        """Return whether a blob of this kind waits."""
        return kind in self._waiting

    def look(self, kind: BlobKind) -> bytes:
        """Return a blob that waits; it goes on waiting."""
        try:
            return self._waiting[kind]
        except KeyError:
            raise Refused(StatusCode.WRONG_STATE, f"no_{kind.name.lower()}") from None

    def take(self, kind: BlobKind) -> bytes:
        """Return a blob that waits, once."""
        data = self.look(kind)
        del self._waiting[kind]
        return data
