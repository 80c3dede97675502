"""What passes between phone and band, as far as a phase begins by it.

Whoever waits is told in the middle of it: of a request after its last frame has arrived and before
the band has looked at it. Not for changing what passes.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.face.ear import Channel
from shared.wire.errors import WireError
from shared.wire.framing import Reassembler
from shared.wire.operations import Operation, UnknownOperation, decode_request


class Overheard:
    """An ear for a few events."""

    def __init__(self) -> None:
        self.on_request: Callable[[Operation], None] = lambda operation: None
        self.on_records: Callable[[], None] = lambda: None
        self._requests = Reassembler()

    def began(self) -> None:
        """A phone is on the line."""
        self._requests.reset()

    def wrote(self, channel: Channel, value: bytes) -> None:
        """Tell of a request that is whole now."""
        if channel is not Channel.CONTROL_POINT:
            return
        try:
            message = self._requests.feed(value)
            if message is not None:
                self.on_request(decode_request(message).operation)
        except (WireError, UnknownOperation):
            self._requests.reset()

    def said(self, channel: Channel, message: bytes) -> None:
        """Tell of records that are about to leave."""
        if channel is Channel.LEDGER_DATA:
            self.on_records()
