"""An event loop on whose clock only waiting takes time, and the clock that band and phone share.

Where nothing is left to do, the loop's time jumps to the next timer: an hour of back-off costs what
its work costs, and bounds in "real" seconds (the link's, the radio's) and in the clock's own
milliseconds are of one kind. What crosses loopback arrives at once. Not for code that computes in
other threads: for those the loop waits in real time.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from firmware_bridge.emulator.shell import STEP_MS

T = TypeVar("T")

LOOKS_EVERY_MS = 25
"""How often the band's firmware looks at the time, here: a shell asks for its step of 10 ms, and
gets what a clock that ticks more coarsely gives. STOP's limit is four of these."""

_Keys = list[tuple[selectors.SelectorKey, int]]

NOTHING_TO_DO_S = 5.0
"""Real time without a timer and without a byte: then whoever runs here waits for nothing."""


class Stuck(Exception):
    """Everything waits, and for nothing that could come."""


class _JumpingSelector(selectors.DefaultSelector):
    """Asks the kernel what is there already; lets the loop's time go on where nothing is."""

    def __init__(self) -> None:
        super().__init__()
        self.jump: Callable[[float], None] = lambda seconds: None
        self.threads_at_work = 0

    def select(self, timeout: float | None = None) -> _Keys:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or self.threads_at_work:
            ready = super().select(NOTHING_TO_DO_S)
            if not ready and timeout is None:
                raise Stuck
            return ready
        self.jump(timeout)
        return []


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop in simulated time, which begins at 0."""

    def __init__(self) -> None:
        self._now_s = 0.0
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)
        self._jumping.jump = self._jump

    def time(self) -> float:
        return self._now_s

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Any, *args: Any
    ) -> asyncio.Future[Any]:
        self._jumping.threads_at_work += 1
        working = super().run_in_executor(executor, func, *args)
        working.add_done_callback(self._thread_done)
        return working

    def _jump(self, seconds: float) -> None:
        self._now_s += seconds

    def _thread_done(self, _: Any) -> None:
        self._jumping.threads_at_work -= 1


def run_simulated(main: Coroutine[Any, Any, T]) -> T:
    """Run it to its end on a loop of its own."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(main)


class LoopClock:
    """The clock of band and phone: the loop's own time, from a given hour on."""

    def __init__(self, start_wall_ms: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()
        self._start_wall_ms = start_wall_ms

    def elapsed_ms(self) -> int:
        return round((self._loop.time() - self._began_s) * 1000)

    def wall_ms(self) -> int:
        return self._start_wall_ms + self.elapsed_ms()

    async def sleep_ms(self, duration_ms: int) -> None:
        if duration_ms == STEP_MS:
            duration_ms = LOOKS_EVERY_MS - self.elapsed_ms() % LOOKS_EVERY_MS
        over = self._loop.create_future()
        timer = self._loop.call_later(max(0, duration_ms) / 1000, _end, over)
        try:
            await over
        finally:
            timer.cancel()

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        async with asyncio.timeout(limit_ms / 1000):
            return await awaitable

    def work(self) -> AbstractContextManager[None]:
        return nullcontext()


def _end(over: asyncio.Future[None]) -> None:
    if not over.done():
        over.set_result(None)
