"""The microcontroller between a request's arrival and its answer, on the band's clock.

Signatures are checked one after the other in the lowest task; a request that needs none takes
effect at once, also while others are checked. So STOP never waits for a signature. Not for what a
request means.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from firmware_bridge.emulator.profile.figures import Profile
from firmware_bridge.emulator.profile.meter import Meter
from firmware_bridge.emulator.profile.work import comes_last, computing_ms
from firmware_bridge.timebase import Clock

Control = Callable[[], bytes]
"""Have the firmware carry out a request and return its answer."""


class Processor:
    """Carries out requests in the time that a profile gives them."""

    def __init__(self, profile: Profile, meter: Meter, clock: Clock) -> None:
        self.profile = profile
        self._meter = meter
        self._clock = clock
        self._computing = asyncio.Lock()

    async def manage(self, verifications: int, work: Callable[[], bytes | None]) -> bytes | None:
        """Return what MCUmgr's work answers, after so many signatures and what flash takes."""
        await self._clock.sleep_ms(self.profile.connection_interval_ms)
        async with self._computing:
            await self._clock.sleep_ms(verifications * self.profile.verify_ms)
        self._meter.take_ms()
        answer = work()
        await self._clock.sleep_ms(self._meter.take_ms())
        return answer

    async def carry_out(self, request: bytes, control: Control) -> bytes:
        """Return the answer once a microcontroller would have it ready."""
        await self._clock.sleep_ms(self.profile.connection_interval_ms)
        needed_ms = computing_ms(request, self.profile)
        if needed_ms or comes_last(request):
            async with self._computing:
                await self._clock.sleep_ms(needed_ms)
        self._meter.take_ms()
        answer = control()
        await self._clock.sleep_ms(self._meter.take_ms())
        return answer
