"""An event loop on simulated time: no wall clock, no threads, the same order every time.

While nothing is ready to run, time goes on to the next timer, in steps where the world asks for
them. Not for real I/O: there is none.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

T = TypeVar("T")
US = 1_000_000


class Stuck(Exception):
    """Everybody waits, and nothing is to come."""


class Timeline(asyncio.BaseEventLoop):
    """Runs tasks; `turns` counts how often it went round, by which a kill finds its await."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self
        self._clock_resolution = 1e-7
        self.now_us = 0
        self.turns = 0
        self.step_us: Callable[[], int | None] = lambda: None
        self.passed: Callable[[], None] = lambda: None
        self._marks: list[tuple[int, int, Callable[[], None]]] = []
        self._order = 0

    def begin(self) -> None:
        """Begin at instant 0, with nothing to come."""
        self._scheduled.clear()  # type: ignore[attr-defined]
        self._ready.clear()  # type: ignore[attr-defined]
        self._marks.clear()
        self.now_us = self.turns = 0

    @property
    def now_ms(self) -> int:
        """Milliseconds of the world's true time."""
        return self.now_us // 1000

    def time(self) -> float:
        """The loop's own clock, in seconds."""
        return self.now_us / US

    def at_turn(self, turn: int, act: Callable[[], None]) -> None:
        """Act before the loop goes round for the `turn`-th time."""
        self._order += 1
        heapq.heappush(self._marks, (turn, self._order, act))

    def select(self, timeout: float | None) -> list[Any]:
        """Called once a turn: time goes on by one step if nobody is ready."""
        self.turns += 1
        while self._marks and self._marks[0][0] <= self.turns:
            heapq.heappop(self._marks)[2]()
        if timeout is None or timeout > 0:
            self._pass(timeout)
        return []

    def _pass(self, timeout: float | None) -> None:
        step_us = self.step_us()
        if timeout is None and step_us is None:
            if self._ready:  # type: ignore[attr-defined]
                return
            raise Stuck
        ends = []
        if timeout is not None:
            when: float = self._scheduled[0].when()  # type: ignore[attr-defined]
            ends.append(max(self.now_us, round(when * US)))
        if step_us is not None:
            ends.append(self.now_us - self.now_us % step_us + step_us)
        self.now_us = min(ends)
        self.passed()

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody else's thread has to wake this one."""


class SimulatedClock:
    """`firmware_bridge.timebase.Clock` over a timeline."""

    def __init__(self, timeline: Timeline, begin_wall_ms: int) -> None:
        self._timeline, self._begin_wall_ms = timeline, begin_wall_ms

    def elapsed_ms(self) -> int:
        return self._timeline.now_ms

    def wall_ms(self) -> int:
        return self._begin_wall_ms + self._timeline.now_ms

    async def sleep_ms(self, duration_ms: int) -> None:
        await asyncio.sleep(duration_ms / 1000)

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        async with asyncio.timeout(limit_ms / 1000):
            return await awaitable

    def work(self) -> AbstractContextManager[None]:
        return nullcontext()
