"""The common clock: nobody is overtaken, nobody who is gone is waited for."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

from firmware_bridge.timebase import ClockLost, ClockRefused, ClockServer, ServedClock

START_MS = 1_700_000_000_000


class Air:
    """A clock server and its participants, cleared away at the end."""

    def __init__(self, server: ClockServer, port: int) -> None:
        self.server = server
        self.port = port
        self.clocks: list[ServedClock] = []

    async def join(self, name: str, *, acks: bool = True) -> ServedClock:
        clock = await ServedClock.connect("127.0.0.1", self.port, name, acks=acks)
        self.clocks.append(clock)
        return clock

    async def close(self) -> None:
        for clock in self.clocks:
            await clock.close()
        await self.server.stop()


@pytest.fixture
async def air() -> AsyncIterator[Air]:
    server = ClockServer(start_wall_ms=START_MS, rate=0)
    port = await server.start()
    air = Air(server, port)
    yield air
    await air.close()


async def some_turns() -> None:
    """Work that takes several turns of the loop: longer than a message and its answer."""
    for _ in range(500):
        await asyncio.sleep(0)


async def mute_participant(port: int) -> asyncio.StreamWriter:
    """Joins as one that acknowledges, and never does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b'{"join":"mute","acks":true}\n')
    await reader.readline()
    return writer


async def test_time_stands_still_at_rate_0(air: Air) -> None:
    phone = await air.join("phone")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await phone.sleep_ms(1)
    assert phone.elapsed_ms() == 0
    assert phone.wall_ms() == START_MS


async def test_advance_takes_everybody_the_whole_way(air: Air) -> None:
    phone, device = await air.join("phone"), await air.join("device")
    cloud = await air.join("cloud", acks=False)
    await phone.advance(2_000)
    assert phone.elapsed_ms() == device.elapsed_ms() == 2_000
    assert phone.wall_ms() == START_MS + 2_000
    await cloud.advance(50)
    assert cloud.elapsed_ms() == 2_050


async def test_advance_waits_for_what_the_last_tick_set_in_motion(air: Air) -> None:
    phone, driver = await air.join("phone"), await air.join("driver", acks=False)
    seen: list[int] = []

    async def note() -> None:
        await phone.sleep_ms(100)
        with phone.work():
            await some_turns()
            seen.append(driver.elapsed_ms())

    async with asyncio.TaskGroup() as group:
        group.create_task(note())
        await asyncio.sleep(0)
        await driver.advance(100)
        assert seen == [100]


async def test_no_tick_is_skipped_however_slow_a_participant_is(air: Air) -> None:
    device, phone = await air.join("device"), await air.join("phone")
    instants: list[int] = []

    async def step() -> None:
        while len(instants) < 20:
            await device.sleep_ms(50)
            instants.append(device.elapsed_ms())
            with device.work():
                await some_turns()

    async with asyncio.TaskGroup() as group:
        group.create_task(step())
        await asyncio.sleep(0)
        await phone.advance(1_000)
    assert instants == list(range(50, 1_001, 50))


async def test_clock_waits_for_a_participant_that_has_not_acknowledged(air: Air) -> None:
    phone = await air.join("phone")
    mute = await mute_participant(air.port)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await phone.advance(1_000)
    assert phone.elapsed_ms() <= 50
    mute.close()


async def test_participant_whose_connection_is_gone_is_struck_off_at_once(air: Air) -> None:
    phone = await air.join("phone")
    mute = await mute_participant(air.port)
    async with asyncio.TaskGroup() as group:
        journey = group.create_task(phone.advance(1_000))
        mute.transport.abort()
        async with asyncio.timeout(2):
            await journey
    assert phone.elapsed_ms() == 1_000


async def test_a_rate_runs_the_clock_without_anybody_who_acknowledges(air: Air) -> None:
    cloud = await air.join("cloud", acks=False)
    await cloud.set_rate(100)
    async with asyncio.timeout(2):
        await cloud.sleep_ms(1_000)
    assert cloud.elapsed_ms() >= 1_000


async def test_rate_is_kept(air: Air) -> None:
    phone = await air.join("phone")
    loop = asyncio.get_running_loop()
    await phone.set_rate(10)
    started = loop.time()
    await phone.sleep_ms(2_000)
    assert loop.time() - started >= 0.1


async def test_work_delays_a_tick_for_a_quarter_of_a_second_at_most(air: Air) -> None:
    phone = await air.join("phone")
    loop = asyncio.get_running_loop()
    with phone.work():
        started = loop.time()
        await phone.advance(100)
        assert 0.2 < loop.time() - started < 2


async def test_long_advance_takes_coarse_steps(air: Air) -> None:
    phone = await air.join("phone")
    count = 0

    async def every_step() -> None:
        nonlocal count
        while True:
            await phone.sleep_ms(1)
            count += 1

    stepping = asyncio.create_task(every_step())
    await asyncio.sleep(0)
    await phone.advance(660_000)
    stepping.cancel()
    assert phone.elapsed_ms() == 660_000
    assert count == 660


async def test_participant_that_asks_for_fine_steps_gets_them_however_far_it_goes() -> None:
    server = ClockServer(start_wall_ms=START_MS, rate=0, step_ms=250)
    air = Air(server, await server.start())
    phone, device = await air.join("phone"), await air.join("device")
    instants: list[int] = []

    async def every_step() -> None:
        while True:
            await device.sleep_ms(1)
            instants.append(device.elapsed_ms())

    stepping = asyncio.create_task(every_step())
    with phone.fine():
        await phone.advance(601_000)
    stepping.cancel()
    await air.close()
    assert {after - before for before, after in pairwise(instants)} == {250}


async def test_wait_for_gives_up_in_simulated_time_and_cancels(air: Air) -> None:
    phone = await air.join("phone")
    cancelled = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    async with asyncio.TaskGroup() as group:
        group.create_task(phone.advance(10_000))
        with pytest.raises(TimeoutError):
            await phone.wait_for(forever(), 5_000)
    assert phone.elapsed_ms() >= 5_000
    assert cancelled.is_set()


async def test_wait_for_returns_what_it_waited_for(air: Air) -> None:
    phone = await air.join("phone")

    async def answer() -> int:
        return 42

    assert await phone.wait_for(answer(), 1_000) == 42


async def test_death_of_the_server_ends_every_wait_with_a_typed_error(air: Air) -> None:
    phone = await air.join("phone")
    sleeping = asyncio.create_task(phone.sleep_ms(1_000))
    waiting = asyncio.create_task(phone.wait_for(asyncio.Event().wait(), 1_000))
    advancing = asyncio.create_task(phone.set_rate(0))
    await advancing
    await air.server.stop()
    async with asyncio.timeout(2):
        for task in (sleeping, waiting):
            with pytest.raises(ClockLost):
                await task
    with pytest.raises(ClockLost):
        await phone.sleep_ms(1)
    with pytest.raises(ClockLost):
        await phone.set_rate(1)


async def test_nobody_serving_is_a_typed_error() -> None:
    with pytest.raises(ClockLost):
        await ServedClock.connect("127.0.0.1", 1, "phone", acks=True)


async def test_nonsense_is_refused_and_the_clock_runs_on(air: Air) -> None:
    phone = await air.join("phone")
    with pytest.raises(ClockRefused):
        await phone.set_rate(-1)
    reader, writer = await asyncio.open_connection("127.0.0.1", air.port)
    for line in (b"\x00\xff\n", b"[]\n", b'{"ack":"x"}\n', b'{"control":{"advance_ms":1e99}}\n'):
        writer.write(line)
        assert b"refused" in await reader.readline()
    writer.write(b"x" * 200_000 + b"\n")
    with contextlib.suppress(ConnectionError):
        await reader.read()
    await phone.advance(50)
    assert phone.elapsed_ms() == 50
    writer.close()
