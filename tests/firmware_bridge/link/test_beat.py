"""Supervision on the common clock: beats keep their period, and cost no time of their own."""

import asyncio
import threading
import time
from itertools import pairwise
from pathlib import Path

from firmware_bridge.link import Beat, Connection, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.radio.process import Radio
from firmware_bridge.timebase import ClockServer, ServedClock, SystemClock
from shared.trust.session_key import CommandWriter
from shared.wire.fields import pack
from shared.wire.operations import Answer, Nothing, Operation, StatusCode, decode_request
from shared.wire.operations import encode_answer as encoded
from tests.firmware_bridge.link.conftest import RESTING, Person
from tests.firmware_bridge.small_band import SmallBand


async def test_no_beat_is_late_however_fast_the_clock_is_advanced(
    band: SmallBand, adapter: Adapter, person: Person
) -> None:
    server = ClockServer(start_wall_ms=0, rate=0)
    clock = await ServedClock.connect("127.0.0.1", await server.start(), "phone")
    beats_ms: list[int] = []

    async def answer(message: bytes) -> bytes:
        request = decode_request(message)
        if request.operation is Operation.BEAT:
            beats_ms.append(clock.elapsed_ms())
        return encoded(Answer(request.request_id, StatusCode.OK, Nothing()))

    band.control = answer
    connection = Connection(VirtualBluetooth(adapter), clock)
    stimulator = StimulatorClient(connection)
    async with asyncio.timeout(30):
        await connection.pair(person)
        stimulator.hold_session_key(CommandWriter(b"k" * 32, bytes(16)))
        beating = asyncio.create_task(Beat(stimulator, clock).run())
        await asyncio.sleep(0)
        await clock.advance(700_000)
        beating.cancel()
        await asyncio.gather(beating, return_exceptions=True)
        await connection.let_go()
    await clock.close()
    await server.stop()
    gaps = [after - before for before, after in pairwise(beats_ms)]
    assert len(gaps) >= 600
    assert max(gaps) <= 1_100


BEATS = 40
LONGEST_BEAT_LIMIT_S = 5.0
"""No prescription allows a longer silence (R31)."""
WITHIN_S = 60.0


async def beats_on_a_loop_of_their_own(folder: Path, enough: threading.Event) -> list[float]:
    """When each beat arrived at the band."""
    radio, arrived, done = Radio(), [], asyncio.Event()
    ports = (await radio.start([0, 0])).hosts
    band = SmallBand(f"127.0.0.1:{ports[0]}", folder)
    band.status_value = b"\0" + pack(RESTING)

    async def answer(message: bytes) -> bytes:
        request = decode_request(message)
        if request.operation is Operation.BEAT:
            arrived.append(time.monotonic())
            if len(arrived) == BEATS:
                done.set()
        return encoded(Answer(request.request_id, StatusCode.OK, Nothing()))

    band.control = answer
    await band.start()
    adapter = await Adapter.open(f"127.0.0.1:{ports[1]}", folder / "phone")
    connection = Connection(VirtualBluetooth(adapter), SystemClock())
    stimulator = StimulatorClient(connection)
    try:
        async with asyncio.timeout(WITHIN_S):
            await connection.pair(Person(band))
            stimulator.hold_session_key(CommandWriter(b"k" * 32, bytes(16)))
            beating = asyncio.create_task(Beat(stimulator, connection.clock, period_ms=25).run())
            await done.wait()
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
        await connection.let_go()
    finally:
        enough.set()
        await adapter.close()
        await band.stop()
        await radio.stop()
    return arrived


def test_a_window_that_is_busy_without_end_costs_no_beat(tmp_path: Path) -> None:
    """The link's loop has a thread of its own, as in the app; this thread is the window's."""
    enough, arrived = threading.Event(), []

    def live() -> None:
        arrived.extend(asyncio.run(beats_on_a_loop_of_their_own(tmp_path, enough)))

    bluetooth = threading.Thread(target=live)
    bluetooth.start()
    while not enough.is_set():
        pass
    bluetooth.join(WITHIN_S)
    gaps = [after - before for before, after in pairwise(arrived)]
    assert len(gaps) == BEATS - 1
    assert max(gaps) < LONGEST_BEAT_LIMIT_S
