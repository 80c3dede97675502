"""A clock that a test moves by hand, with those who sleep on it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

T = TypeVar("T")

TURNS = 8
"""Turns of the event loop after a step, for what it set in motion."""


class HandClock:
    """Time stands still until `run` moves it."""

    def __init__(self) -> None:
        self._now_ms = 0
        self._order = itertools.count()
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []

    def elapsed_ms(self) -> int:
        return self._now_ms

    def wall_ms(self) -> int:
        return self._now_ms

    async def sleep_ms(self, duration_ms: int) -> None:
        if duration_ms <= 0:
            return
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = (self._now_ms + duration_ms, next(self._order), sleeper)
        heapq.heappush(self._sleepers, due)
        await sleeper

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        awaited = asyncio.ensure_future(awaitable)
        limit = asyncio.ensure_future(self.sleep_ms(limit_ms))
        try:
            await asyncio.wait([awaited, limit], return_when=asyncio.FIRST_COMPLETED)
            if awaited.done():
                return awaited.result()
            raise TimeoutError
        finally:
            awaited.cancel()
            limit.cancel()
            await asyncio.gather(awaited, limit, return_exceptions=True)

    def work(self) -> AbstractContextManager[None]:
        return nullcontext()

    async def run(self, ms: int) -> None:
        """Move on by so much, a millisecond at a time."""
        await self._turn()
        for _ in range(ms):
            self._now_ms += 1
            while self._sleepers and self._sleepers[0][0] <= self._now_ms:
                sleeper = heapq.heappop(self._sleepers)[2]
                if not sleeper.done():
                    sleeper.set_result(None)
                await self._turn()

    async def _turn(self) -> None:
        for _ in range(TURNS):
            await asyncio.sleep(0)
