"""Blobs as they came through the door: put together, committed, waiting by kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tests.campaign.schedules.oracle.figures import BLOB_BEGIN
from tests.campaign.schedules.oracle.reading import Body


@dataclass
class Blobs:
    """The transfer under way and what was committed since the boot."""

    announced: tuple[int, int, bytes] | None = None
    received: bytearray = field(default_factory=bytearray)
    due: int | None = None
    waiting: dict[int, bytes] = field(default_factory=dict)

    def take(self, operation: int, arguments: Body) -> None:
        """Follow one accepted step."""
        if operation == BLOB_BEGIN:
            announced = (arguments[1], arguments[2], arguments[3])
            if announced != self.announced:
                self.announced = announced
                waiting = self.waiting.get(announced[0], b"")
                same = hashlib.sha256(waiting).digest() == announced[2]
                self.received[:] = waiting if same else b""
            asked = arguments.get(4, len(self.received))
            self.due = 0 if asked <= len(self.received) else None
            self.received = self.received[:asked]
        elif self.announced is not None:
            data = bytes(self.received)
            if hashlib.sha256(data).digest() == self.announced[2]:
                self.waiting[self.announced[0]] = data
            self.dropped()

    def part(self, value: bytes) -> None:
        """Follow one part: the one that is due counts, where it fits."""
        if self.announced is None or self.due is None or value[:1] != bytes([self.due]):
            return
        if 1 < len(value) <= 1 + self.announced[1] - len(self.received):
            self.received += value[1:]
            self.due = (self.due + 1) % 256

    def dropped(self) -> None:
        """The transfer under way ended, committed or as other bytes than announced."""
        self.announced = None
        self.received.clear()
