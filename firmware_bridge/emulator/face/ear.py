"""An ear at the link: it hears what the phone writes and what the band says, and says nothing.

There is none unless somebody listens. Not for changing what passes.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Channel(StrEnum):
    """The characteristics that carry messages, by their places in the GATT table."""

    CONTROL_POINT = "control_point"
    STATUS = "status"
    RECORD_ACCESS = "record_access"
    LEDGER_DATA = "ledger_data"
    TELEMETRY = "telemetry"
    MANAGEMENT = "management"
    BLOB_DATA = "blob_data"


class Ear(Protocol):
    """Somebody who listens."""

    def began(self) -> None:
        """A phone is on the line, with nothing said yet."""

    def wrote(self, channel: Channel, value: bytes) -> None:
        """The phone wrote one ATT value."""

    def said(self, channel: Channel, message: bytes) -> None:
        """The band is about to send one whole message."""


class Deaf:
    """Nobody listens."""

    def began(self) -> None:
        """Hear nothing."""

    def wrote(self, channel: Channel, value: bytes) -> None:
        """Hear nothing."""

    def said(self, channel: Channel, message: bytes) -> None:
        """Hear nothing."""


class Ears:
    """Several who listen."""

    def __init__(self, *ears: Ear) -> None:
        self._ears = ears

    def began(self) -> None:
        """Let all hear."""
        for ear in self._ears:
            ear.began()

    def wrote(self, channel: Channel, value: bytes) -> None:
        """Let all hear."""
        for ear in self._ears:
            ear.wrote(channel, value)

    def said(self, channel: Channel, message: bytes) -> None:
        """Let all hear."""
        for ear in self._ears:
            ear.said(channel, message)
