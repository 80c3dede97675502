"""What passes between phone and band, as far as a phase begins by it.

Whoever waits is told in the middle of it: of a request after its last frame has arrived and before
the band has looked at it. Not for changing what passes.
"""

from __future__ import annotations

from collections.abc import Callable

from smp.header import Header

from firmware_bridge.emulator.face.ear import Channel
from shared.wire.errors import WireError
from shared.wire.framing import Reassembler
from shared.wire.operations import Operation, UnknownOperation, decode_request


class Overheard:
    """An ear for a few events."""

    def __init__(self) -> None:
        self.on_request: Callable[[Operation], None] = lambda operation: None
        self.on_records: Callable[[], None] = lambda: None
        self.on_managed: Callable[[Header], None] = lambda header: None
        self._requests = Reassembler()
        self._managed = b""

    def began(self) -> None:
        """A phone is on the line."""
        self._requests.reset()
        self._managed = b""

    def wrote(self, channel: Channel, value: bytes) -> None:
        """Tell of a request that is whole now."""
        if channel is Channel.MANAGEMENT:
            self._manage(value)
        if channel is not Channel.CONTROL_POINT:
            return
        try:
            message = self._requests.feed(value)
            if message is not None:
                self.on_request(decode_request(message).operation)
        except (WireError, UnknownOperation):
            self._requests.reset()

    def _manage(self, value: bytes) -> None:
        self._managed += value
        if len(self._managed) < Header.SIZE:
            return
        try:
            header = Header.loads(self._managed[: Header.SIZE])
        except ValueError:
            self._managed = b""
            return
        if len(self._managed) >= Header.SIZE + header.length:
            self._managed = b""
            self.on_managed(header)

    def said(self, channel: Channel, message: bytes) -> None:
        """Tell of records that are about to leave."""
        if channel is Channel.LEDGER_DATA:
            self.on_records()
