"""The clock that everything in the phone and the device is given, and the machine's own.

Not a source of trusted time: what the device believes about time is decided in its firmware.
"""

import asyncio
import time
from collections.abc import Awaitable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Time as one process sees it. `elapsed_ms` never runs backwards."""

    def elapsed_ms(self) -> int:
        """Milliseconds since some fixed instant in the past."""

    def wall_ms(self) -> int:
        """Unix time in milliseconds."""

    async def sleep_ms(self, duration_ms: int) -> None:
        """Return once `duration_ms` have passed on this clock."""

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        """Await it, for `limit_ms` on this clock at most; then cancel it: `TimeoutError`."""

    def work(self) -> AbstractContextManager[None]:
        """While one is open the clock waits (briefly), so that the work costs no time on it."""

    def fine(self) -> AbstractContextManager[None]:
        """While one is open no step of the clock is long, however far it's asked to advance."""


class SystemClock:
    """The machine's own clock."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def elapsed_ms(self) -> int:
        return int((time.monotonic() - self._started) * 1000)

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    async def sleep_ms(self, duration_ms: int) -> None:
        await asyncio.sleep(duration_ms / 1000)

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        async with asyncio.timeout(limit_ms / 1000):
            return await awaitable

    def work(self) -> AbstractContextManager[None]:
        return nullcontext()

    def fine(self) -> AbstractContextManager[None]:
        return nullcontext()
