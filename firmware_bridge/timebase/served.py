"""A clock that follows the clock server.

It acknowledges a tick only after the timers due at that tick have run and while no work is
open, so that what the tick set in motion costs no time on the common clock. It's for one event
loop; a follower for threads is `cloud.clock`.
"""

import asyncio
import heapq
import itertools
import logging
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from firmware_bridge.timebase.clock import Clock, SystemClock
from firmware_bridge.timebase.errors import ClockLost, ClockRefused
from firmware_bridge.timebase.requests import fine_line
from shared.wire import ticks
from shared.wire.errors import WireError

log = logging.getLogger(__name__)

T = TypeVar("T")

JOIN_LIMIT_S = 5.0
# Work in progress delays a tick by no more than this, in real seconds: the server waits for us.
WORK_LIMIT_S = 0.25
# Turns of the event loop given to what a due timer set in motion, before the tick counts as done.
SETTLING_TURNS = 16

_Timer = tuple[int, int, "asyncio.Future[None]"]


class ServedClock:
    """Time as the clock server tells it. Make one with `connect`."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, acks: bool
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._acks = acks
        self._tick = ticks.Tick(0, 0, 0)
        self._timers: list[_Timer] = []
        self._order = itertools.count()
        self._open_work = 0
        self._open_fine = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._lost: ClockLost | None = None
        self._replies: asyncio.Queue[dict[str, object]] = asyncio.Queue()
        self._controlling = asyncio.Lock()
        self._following: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, host: str, port: int, name: str, *, acks: bool = True) -> "ServedClock":
        """Join the server's time; `ClockLost` where nobody serves it."""
        try:
            async with asyncio.timeout(JOIN_LIMIT_S):
                reader, writer = await asyncio.open_connection(host, port)
                clock = cls(reader, writer, acks=acks)
                writer.write(ticks.join_line(name, acks=acks))
                await clock._read_first_tick()
        except (OSError, TimeoutError) as error:
            raise ClockLost(f"no clock server at {host}:{port}") from error
        clock._following = asyncio.create_task(clock._follow(), name=f"clock-{name}")
        return clock

    async def close(self) -> None:
        """Leave: the clock runs on for the others."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.gather(self._following, return_exceptions=True)
        self._lose("this clock was closed")

    # Clock

    def elapsed_ms(self) -> int:
        return self._tick.elapsed_ms

    def wall_ms(self) -> int:
        return self._tick.wall_ms

    async def sleep_ms(self, duration_ms: int) -> None:
        if self._lost is not None:
            raise ClockLost(str(self._lost))
        if duration_ms <= 0:
            await asyncio.sleep(0)
            return
        await self._timer(duration_ms)

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        if self._lost is not None:
            raise ClockLost(str(self._lost))
        task = asyncio.ensure_future(awaitable)
        timer = self._timer(limit_ms)
        try:
            both: set[asyncio.Future[Any]] = {task, timer}
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            timer.result()
            raise TimeoutError(f"not done within {limit_ms} ms")
        finally:
            timer.cancel()
            await _end(task)

    @contextmanager
    def work(self) -> Iterator[None]:
        self._open_work += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._open_work -= 1
            if self._open_work == 0:
                self._idle.set()

    @contextmanager
    def fine(self) -> Iterator[None]:
        self._ask_fine(+1)
        try:
            yield
        finally:
            self._ask_fine(-1)

    def _ask_fine(self, change: int) -> None:
        before = self._open_fine > 0
        self._open_fine += change
        wanted = self._open_fine > 0
        if wanted is not before and self._lost is None:
            self._writer.write(fine_line(wanted=wanted))

    # Control

    async def set_rate(self, rate: float) -> None:
        """Simulated seconds per real second, for everybody; 0 stands still."""
        await self._control(ticks.control_line(rate=rate))

    async def advance(self, distance_ms: int) -> None:
        """Let everybody's time go on by this much, as fast as they acknowledge."""
        await self._control(ticks.control_line(advance_ms=distance_ms))

    async def _control(self, line: bytes) -> None:
        async with self._controlling:
            if self._lost is not None:
                raise ClockLost(str(self._lost))
            self._writer.write(line)
            reply = await self._replies.get()
        if "refused" in reply:
            raise ClockRefused(str(reply["refused"]))
        if "lost" in reply:
            raise ClockLost(str(reply["lost"]))

    # Following

    async def _read_first_tick(self) -> None:
        line = await self._reader.readline()
        if not line:
            raise ConnectionError("the clock server closed the connection")
        self._tick = ticks.parse_tick(line)
        self._acknowledge()

    async def _follow(self) -> None:
        try:
            while line := await self._reader.readline():
                await self._hear(line)
            self._lose("the clock server closed the connection")
        except (OSError, ValueError) as error:
            self._lose(f"the clock server's connection broke: {error}")

    async def _hear(self, line: bytes) -> None:
        try:
            reply = ticks.parse_line(line)
        except WireError:
            log.warning("not a line of the clock server: %r", line[:80])
            return
        if "tick" not in reply:
            self._replies.put_nowait(reply)
            return
        self._tick = ticks.parse_tick(line)
        woken = self._wake_due()
        if self._acks:
            await self._settle(turns=SETTLING_TURNS if woken else 1)
            self._acknowledge()

    def _wake_due(self) -> bool:
        woken = False
        while self._timers and self._timers[0][0] <= self._tick.elapsed_ms:
            timer = heapq.heappop(self._timers)[2]
            if not timer.done():
                timer.set_result(None)
                woken = True
        return woken

    async def _settle(self, *, turns: int) -> None:
        try:
            async with asyncio.timeout(WORK_LIMIT_S):
                await self._turn(turns)
                while self._open_work:
                    await self._idle.wait()
                    await self._turn(SETTLING_TURNS)
        except TimeoutError:
            log.debug("work outlasts tick %d", self._tick.number)

    async def _turn(self, turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)

    def _acknowledge(self) -> None:
        if self._acks:
            self._writer.write(ticks.ack_line(self._tick.number))

    def _timer(self, duration_ms: int) -> "asyncio.Future[None]":
        timer = asyncio.get_running_loop().create_future()
        due_ms = self._tick.elapsed_ms + duration_ms
        heapq.heappush(self._timers, (due_ms, next(self._order), timer))
        return timer

    def _lose(self, sentence: str) -> None:
        if self._lost is None:
            self._lost = ClockLost(sentence)
            self._writer.close()
        for _, _, timer in self._timers:
            if not timer.done():
                timer.set_exception(ClockLost(sentence))
                # Whoever still awaits it gets it; nobody need.
                timer.exception()
        self._timers.clear()
        self._replies.put_nowait({"lost": sentence})


async def _end(task: "asyncio.Future[T]") -> None:
    if not task.done():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def open_clock(address: str | None, name: str, *, acks: bool = True) -> Clock:
    """The clock at `HOST:PORT`, or the machine's own where no address is given."""
    if not address:
        return SystemClock()
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ClockLost(f"{address!r} is not HOST:PORT")
    return await ServedClock.connect(host, int(port), name, acks=acks)
