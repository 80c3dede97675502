"""Who looks on at a run: nobody, or somebody who writes it down.

Everything that a recording needs to come between is asked of here; nobody leaves it as it is.
"""

from __future__ import annotations

from typing import Protocol

from bumble.transport.common import Transport

from firmware_bridge.emulator.face.ear import Deaf, Ear
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Bootloader, Life
from firmware_bridge.emulator.parts.randomness import RandomSource
from firmware_bridge.timebase import Clock


class Witness(Protocol):
    """Somebody who may come between."""

    ear: Ear
    randomness: RandomSource

    def now_ms(self) -> int:
        """The time that the parts see."""

    def snooped(self, radio: Transport) -> Transport:
        """The controller to use."""

    def noted(self, identity: Identity) -> Identity:
        """The identity to use."""

    def recording(self, bootloader: Bootloader) -> Bootloader:
        """The bootloader to use."""

    def attend(self, life: Life) -> None:
        """Look on from now."""


class Nobody:
    """A run that isn't recorded."""

    def __init__(self, clock: Clock) -> None:
        self.ear: Ear = Deaf()
        self.randomness = RandomSource()
        self._clock = clock

    def now_ms(self) -> int:
        """The clock's own."""
        return self._clock.wall_ms()

    def snooped(self, radio: Transport) -> Transport:
        """As it is."""
        return radio

    def noted(self, identity: Identity) -> Identity:
        """As it is."""
        return identity

    def recording(self, bootloader: Bootloader) -> Bootloader:
        """As it is."""
        return bootloader

    def attend(self, life: Life) -> None:
        """See nothing."""
