"""The HCI traffic between the band's host and its controller as a btsnoop file, for Wireshark.

The stack's own writer stamps the machine's time; this one the band's. Not for what the packets say.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO

from bumble.hci import HCI_COMMAND_PACKET, HCI_EVENT_PACKET
from bumble.snoop import BtSnooper, Snooper

RECORD = struct.Struct(">IIIIQ")
EPOCH_MS = 62_168_256_000_000
"""From midnight of January 1st in the year 0, where btsnoop begins to count, to 1970 (RFC 1761 and
its Bluetooth form; the same as the stack's own figure)."""

COMMAND_OR_EVENT = 0x02


class BandSnooper(BtSnooper):
    """Writes each packet with the instant on the band's clock."""

    def __init__(self, output: BinaryIO, wall_ms: Callable[[], int]) -> None:
        super().__init__(output)
        self._wall_ms = wall_ms

    def snoop(self, hci_packet: bytes, direction: Snooper.Direction) -> None:
        """Write one packet."""
        flags = int(direction)
        if hci_packet[0] in (HCI_COMMAND_PACKET, HCI_EVENT_PACKET):
            flags |= COMMAND_OR_EVENT
        size, at_us = len(hci_packet), (self._wall_ms() + EPOCH_MS) * 1000
        self.output.write(RECORD.pack(size, size, flags, 0, at_us) + hci_packet)
