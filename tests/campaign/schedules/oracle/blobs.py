"""Blobs as they came through the door: put together, committed, waiting by kind."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tests.campaign.schedules.oracle.figures import BLOB_BEGIN, BLOB_CHUNK
from tests.campaign.schedules.oracle.reading import Body


@dataclass
class Blobs:
    """The transfer under way and what was committed since the boot."""

    announced: tuple[int, int, bytes] | None = None
    received: bytearray = field(default_factory=bytearray)
    waiting: dict[int, bytes] = field(default_factory=dict)

    def take(self, operation: int, arguments: Body) -> None:
        """Follow one accepted step."""
        if operation == BLOB_BEGIN:
            announced = (arguments[1], arguments[2], arguments[3])
            if announced != self.announced:
                self.announced = announced
                self.received.clear()
        elif operation == BLOB_CHUNK:
            if arguments[1] + len(arguments[2]) > len(self.received):
                self.received[arguments[1] :] = arguments[2]
        elif self.announced is not None:
            data = bytes(self.received)
            if hashlib.sha256(data).digest() == self.announced[2]:
                self.waiting[self.announced[0]] = data
            self.dropped()

    def dropped(self) -> None:
        """The transfer under way ended, committed or as other bytes than announced."""
        self.announced = None
        self.received.clear()
