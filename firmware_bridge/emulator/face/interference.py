"""What lies between the band and its phone: values may be lost, doubled, changed, late or swapped.

One for a band's whole life; it lets everything pass until a fault is set in it. It also tells what
passes. Not for what the values mean, and not for choosing when something goes wrong.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from enum import StrEnum

from firmware_bridge.emulator.events import Event, Events
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.timebase import Clock


class Harm(StrEnum):
    """What can be done to one value."""

    CORRUPT = "corrupt"
    DROP = "drop"
    DOUBLE = "double"
    REORDER = "reorder"


class Interference:
    """Harms the next values, as many as it was told; either way, whichever comes first."""

    def __init__(self, clock: Clock, events: Events | None = None, *, seed: int = 0) -> None:
        self.events = events or Events(clock.elapsed_ms)
        self.delay_ms = 0
        """Every value takes so much longer, either way."""
        self.refuses_pairing = False
        self.on_lost: Callable[[], None] = lambda: None
        self._lost = False
        self._away, self._here = asyncio.Event(), asyncio.Event()
        self._here.set()
        self._clock = clock
        self._random = random.Random(seed)
        self._next = dict.fromkeys(Harm, 0)
        self._held: dict[Event, dict[Channel, bytes]] = {Event.WRITTEN: {}, Event.NOTIFICATION: {}}

    def harm(self, harm: Harm, values: int) -> None:
        """Do this to so many of the next values; 0 to no more."""
        self._next[harm] = values

    def left(self, harm: Harm) -> int:
        """How many values it will still be done to."""
        return self._next[harm]

    # The link as a whole

    def new_link(self) -> None:
        """A phone is here: what was held back for the one before never comes."""
        self._lost = False
        for held in self._held.values():
            held.clear()

    def lose_link(self) -> None:
        """Let nothing pass any more, and the link end; the next one is as any other."""
        self.fall_silent()
        self.on_lost()

    def fall_silent(self) -> None:
        """Let nothing pass any more until there is another link."""
        self._lost = True

    def leave(self) -> None:
        """Lose the link, and be out of everybody's reach."""
        self._here.clear()
        self._away.set()
        self.lose_link()

    def come_back(self) -> None:
        """Be in reach again."""
        self._away.clear()
        self._here.set()

    @property
    def in_reach(self) -> bool:
        """Whether a phone could hear the band."""
        return self._here.is_set()

    async def until_away(self) -> None:
        """Return when the band is out of reach."""
        await self._away.wait()

    async def until_here(self) -> None:
        """Return when it is in reach."""
        await self._here.wait()

    # Its values

    async def passing(self, way: Event, channel: Channel, value: bytes) -> tuple[bytes, ...]:
        """Return what arrives, now, of a value that was sent."""
        self.events.tell(way, channel, value)
        if self.delay_ms:
            await self._clock.sleep_ms(self.delay_ms)
        if self._lost:
            return ()
        if not any(self._next.values()) and not self._held[way]:
            return (value,)
        return self._harmed(self._held[way], channel, value)

    def _harmed(
        self, held: dict[Channel, bytes], channel: Channel, value: bytes
    ) -> tuple[bytes, ...]:
        if self._strikes(Harm.DROP):
            return ()
        if self._strikes(Harm.CORRUPT):
            value = self._with_a_bit_turned(value)
        if channel in held:
            return (value, held.pop(channel))
        if self._strikes(Harm.REORDER):
            held[channel] = value
            return ()
        return (value, value) if self._strikes(Harm.DOUBLE) else (value,)

    def _strikes(self, harm: Harm) -> bool:
        if not self._next[harm]:
            return False
        self._next[harm] -= 1
        return True

    def _with_a_bit_turned(self, value: bytes) -> bytes:
        turned = bytearray(value)
        if turned:
            turned[self._random.randrange(len(turned))] ^= 1 << self._random.randrange(8)
        return bytes(turned)
