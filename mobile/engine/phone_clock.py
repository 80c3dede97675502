"""The phone's clock, whose wall time a person can set wrong; elapsed time stays what it is."""

from __future__ import annotations

from collections.abc import Awaitable
from contextlib import AbstractContextManager
from typing import TypeVar

from firmware_bridge.timebase import Clock

T = TypeVar("T")


class PhoneClock:
    """Another clock with its wall time moved."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.offset_ms = 0

    def elapsed_ms(self) -> int:
        return self._clock.elapsed_ms()

    def wall_ms(self) -> int:
        return self._clock.wall_ms() + self.offset_ms

    async def sleep_ms(self, duration_ms: int) -> None:
        await self._clock.sleep_ms(duration_ms)

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        return await self._clock.wait_for(awaitable, limit_ms)

    def work(self) -> AbstractContextManager[None]:
        return self._clock.work()
