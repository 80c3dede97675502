"""The clock that everything in the phone and the device is given, and the machine's own.

Not a source of trusted time: what the device believes about time is decided in its firmware.
"""

import asyncio
import time
from collections.abc import Awaitable
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol, TypeVar, runtime_checkable

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


@runtime_checkable
class SteppingClock(Protocol):
    """A clock that may take long steps, unless it's asked not to."""

    def fine(self) -> AbstractContextManager[None]:
        """While one is open no step is long, however far the clock is asked to advance."""


def fine_steps(clock: Clock) -> AbstractContextManager[None]:
    """Ask a clock for short steps while this is open; one that has no long ones needs no asking."""
    return clock.fine() if isinstance(clock, SteppingClock) else nullcontext()


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
