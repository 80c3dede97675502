"""One writer at a time, and the most urgent first: STOP passes everything that waits."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum


class Urgency(IntEnum):
    """Smaller goes first."""

    STOP = 0
    SUPERVISION = 1
    COMMAND = 2
    TRANSFER = 3


class Turns:
    """A lock whose waiters are served by urgency, then in order of arrival."""

    def __init__(self) -> None:
        self._taken = False
        self._order = itertools.count()
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []

    def waits(self, urgency: Urgency) -> bool:
        """Whether somebody as urgent as this, or more, waits for the turn."""
        return any(each <= urgency and not turn.done() for each, _, turn in self._waiting)

    @asynccontextmanager
    async def turn(self, urgency: Urgency) -> AsyncIterator[None]:
        await self._wait(urgency)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, urgency: Urgency) -> None:
        if not self._taken:
            self._taken = True
            return
        ours = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), ours))
        try:
            await ours
        except asyncio.CancelledError:
            if ours.done() and not ours.cancelled():
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, next_one = heapq.heappop(self._waiting)
            if not next_one.done():
                next_one.set_result(None)
                return
        self._taken = False
