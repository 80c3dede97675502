"""Supervision on the common clock: beats keep their period, and cost no time of their own."""

import asyncio
from itertools import pairwise

from firmware_bridge.link import Beat, Connection, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import ClockServer, ServedClock
from shared.trust.session_key import CommandWriter
from shared.wire.operations import Answer, Nothing, Operation, StatusCode, decode_request
from shared.wire.operations import encode_answer as encoded
from tests.firmware_bridge.link.conftest import Person
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
