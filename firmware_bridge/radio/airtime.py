"""How long packets of a link take in the air: by the Core Specification, one exchange at a time.

Only what the packets themselves take. No connection interval, no noise, no packet sent again: a
real link is slower by what its two ends agree on, and this is the most that it can carry.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

# Core Specification, volume 6, part B, 2.1 and 2.4: what surrounds the payload of a data packet.
ACCESS_ADDRESS_BYTES = 4
HEADER_BYTES = 2
MIC_BYTES = 4
CRC_BYTES = 3
# Volume 6, part B, 4.1.1: between two packets.
BETWEEN_PACKETS_US = 150


@dataclass(frozen=True)
class Phy:
    """One of LE's ways to modulate (Core Specification, volume 6, part B, 2.1)."""

    preamble_bytes: int
    us_a_byte: int

    def packet_us(self, payload_bytes: int) -> int:
        """One data packet. Each that carries something has a MIC: every link is taken for an
        encrypted one, so that those with and without a bond compare."""
        mic_bytes = MIC_BYTES if payload_bytes else 0
        around = self.preamble_bytes + ACCESS_ADDRESS_BYTES + HEADER_BYTES + mic_bytes + CRC_BYTES
        return (around + payload_bytes) * self.us_a_byte

    def exchange_us(self, one_bytes: int, other_bytes: int) -> int:
        """A packet each way, empty where that side has nothing, and the pause after each."""
        both_us = self.packet_us(one_bytes) + self.packet_us(other_bytes)
        return both_us + 2 * BETWEEN_PACKETS_US


PHYS = {"1m": Phy(preamble_bytes=1, us_a_byte=8), "2m": Phy(preamble_bytes=2, us_a_byte=4)}


class Timer(Protocol):
    """What an event loop has of time."""

    def time(self) -> float:
        """Seconds."""

    def call_at(self, when: float, callback: Callable[[], None]) -> object:
        """Have it called at that time."""


@dataclass(frozen=True)
class _Packet:
    size_bytes: int
    came: float
    arrived: Callable[[], None]


class Exchanges:
    """The air of one link, which both sides share.

    An exchange begins where the one before ended, by the reckoning and not by when a timer fired:
    a timer that's late costs nothing but its own lateness.
    """

    def __init__(self, phy: Phy, timer: Timer) -> None:
        self._phy = phy
        self._timer = timer
        self._waiting: tuple[deque[_Packet], deque[_Packet]] = (deque(), deque())
        self._free_at = timer.time()
        self._under_way = False
        self._over = False

    def send(self, side: int, size_bytes: int, arrived: Callable[[], None]) -> None:
        """Send a packet of side 0 or 1, and tell when it's there."""
        self._waiting[side].append(_Packet(size_bytes, self._timer.time(), arrived))
        if not self._under_way:
            self._begin()

    def end(self) -> None:
        """The link is no more: what hasn't arrived never will."""
        self._over = True
        for waiting in self._waiting:
            waiting.clear()

    def _begin(self) -> None:
        came = min(waiting[0].came for waiting in self._waiting if waiting)
        begin = max(self._free_at, came)
        one, other = (_first(waiting, begin) for waiting in self._waiting)
        sizes = (packet.size_bytes if packet else 0 for packet in (one, other))
        self._free_at = begin + self._phy.exchange_us(*sizes) / 1_000_000
        self._under_way = True
        self._timer.call_at(self._free_at, lambda: self._finish(one, other))

    def _finish(self, *packets: _Packet | None) -> None:
        self._under_way = False
        for packet in packets:
            if packet is not None and not self._over:
                packet.arrived()
        if any(self._waiting) and not self._under_way:
            self._begin()


def _first(waiting: deque[_Packet], at: float) -> _Packet | None:
    """The packet that this side has for an exchange that begins then."""
    return waiting.popleft() if waiting and waiting[0].came <= at else None
