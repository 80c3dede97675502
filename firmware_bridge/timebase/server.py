"""The clock server: one elapsed time and one wall time for every process that joins.

It advances by one step only when every acknowledging participant has acknowledged the last
one, and not faster than its rate. A participant whose connection is gone is struck off at
once. It doesn't know what the participants do with the time.
"""

import asyncio
import logging
from dataclasses import dataclass

from firmware_bridge.timebase import requests
from shared.wire.errors import WireError
from shared.wire.ticks import DEFAULT_STEP_MS, Tick, tick_line

log = logging.getLogger(__name__)

# How long a step may be on the way, by how far the clock is asked to go, where nobody minds.
COARSE_STEPS_MS = ((6 * 3_600_000, 5_000), (600_000, 1_000))
# A participant that reads nothing any more must not fill the server's memory.
UNREAD_LIMIT_BYTES = 1 << 20
# How far behind its pace the clock may be and still catch up, in real seconds.
CATCH_UP_S = 0.05
STOP_LIMIT_S = 1.0


@dataclass(eq=False)
class _Participant:
    writer: asyncio.StreamWriter
    name: str = "?"
    joined: bool = False
    acks: bool = False
    fine: bool = False


@dataclass(frozen=True)
class _Journey:
    """A distance that somebody asked the clock to cover at once."""

    until_ms: int
    step_ms: int
    asked_by: _Participant


class ClockServer:
    """Serves the common time on one loopback port."""

    def __init__(
        self, *, start_wall_ms: int, rate: float = 1.0, step_ms: int = DEFAULT_STEP_MS
    ) -> None:
        self._start_wall_ms = start_wall_ms
        self._rate = rate
        self._step_ms = step_ms
        self._number = 0
        self._elapsed_ms = 0
        self._participants: set[_Participant] = set()
        self._owing: set[_Participant] = set()
        self._journeys: list[_Journey] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._pacing: asyncio.Task[None] | None = None

    @property
    def elapsed_ms(self) -> int:
        return self._elapsed_ms

    @property
    def wall_ms(self) -> int:
        return self._start_wall_ms + self._elapsed_ms

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen and begin to tick; returns the port."""
        self._server = await asyncio.start_server(self._serve, host, port)
        self._pacing = asyncio.create_task(self._run(), name="clock-server")
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._pacing is not None:
            self._pacing.cancel()
            await asyncio.gather(self._pacing, return_exceptions=True)
        if self._server is not None:
            self._server.close()
        for participant in list(self._participants):
            self._strike_off(participant)
        if self._serving:
            await asyncio.wait(self._serving, timeout=STOP_LIMIT_S)

    # Pace

    async def _run(self) -> None:
        due = asyncio.get_running_loop().time()
        while True:
            due = await self._pace(due)
            self._tick(self._next_step_ms())

    async def _pace(self, due: float) -> float:
        """Wait until the next tick may be given; returns the real instant of the one after."""
        loop = asyncio.get_running_loop()
        while True:
            self._changed.clear()
            if self._owing:
                await self._changed.wait()
                continue
            self._report_arrivals()
            if self._journeys:
                return loop.time()
            elif self._rate == 0:
                await self._changed.wait()
                due = loop.time()
            elif (left := due - loop.time()) > 0:
                await self._wait_changed(left)
            else:
                return max(due, loop.time() - CATCH_UP_S) + self._step_ms / 1000 / self._rate

    async def _wait_changed(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _next_step_ms(self) -> int:
        if not self._journeys:
            return self._step_ms
        nearest = self._journeys[0]
        fine = any(each.fine for each in self._participants)
        step_ms = self._step_ms if fine else nearest.step_ms
        return min(step_ms, nearest.until_ms - self._elapsed_ms)

    def _tick(self, step_ms: int) -> None:
        self._number += 1
        self._elapsed_ms += step_ms
        for participant in [each for each in self._participants if each.joined]:
            self._tell(participant)

    def _report_arrivals(self) -> None:
        while self._journeys and self._journeys[0].until_ms <= self._elapsed_ms:
            self._report_done(self._journeys.pop(0).asked_by)

    def _tell(self, participant: _Participant) -> None:
        if participant.acks:
            self._owing.add(participant)
        if participant.writer.transport.get_write_buffer_size() > UNREAD_LIMIT_BYTES:
            log.warning("%s reads nothing any more", participant.name)
            self._strike_off(participant)
            return
        tick = Tick(self._number, self._elapsed_ms, self.wall_ms)
        participant.writer.write(tick_line(tick))

    # Participants

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        participant = _Participant(writer)
        self._participants.add(participant)
        serving = asyncio.current_task()
        assert serving is not None
        self._serving.add(serving)
        serving.add_done_callback(self._serving.discard)
        try:
            await self._converse(participant, reader)
        except (ConnectionError, ValueError) as error:
            # ValueError: the stream reader's own limit on the length of a line.
            log.info("%s: %s", participant.name, error)
        finally:
            self._strike_off(participant)

    async def _converse(self, participant: _Participant, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            try:
                self._hear(participant, requests.parse_request(line))
            except WireError as error:
                participant.writer.write(requests.refused_line(str(error)))

    def _hear(self, participant: _Participant, request: requests.Request) -> None:
        match request:
            case requests.Join(name=name, acks=acks):
                participant.name, participant.acks, participant.joined = name, acks, True
                self._tell(participant)
            case requests.Ack(number=number):
                self._acknowledged(participant, number)
            case requests.Fine(wanted=wanted):
                participant.fine = wanted
            case requests.SetRate(rate=rate):
                self._rate = rate
                self._report_done(participant)
            case requests.Advance(advance_ms=advance_ms):
                self._depart(participant, advance_ms)
        self._changed.set()

    def _acknowledged(self, participant: _Participant, number: int) -> None:
        if number == self._number:
            self._owing.discard(participant)

    def _depart(self, participant: _Participant, advance_ms: int) -> None:
        if advance_ms == 0:
            self._report_done(participant)
            return
        until_ms = self._elapsed_ms + advance_ms
        self._journeys.append(_Journey(until_ms, self._coarse_step_ms(advance_ms), participant))
        self._journeys.sort(key=lambda each: each.until_ms)

    def _coarse_step_ms(self, advance_ms: int) -> int:
        for above_ms, step_ms in COARSE_STEPS_MS:
            if advance_ms > above_ms:
                return step_ms
        return self._step_ms

    def _report_done(self, participant: _Participant) -> None:
        if not participant.writer.is_closing():
            participant.writer.write(requests.done_line(self._elapsed_ms, self.wall_ms))

    def _strike_off(self, participant: _Participant) -> None:
        self._participants.discard(participant)
        self._owing.discard(participant)
        participant.writer.close()
        self._changed.set()
