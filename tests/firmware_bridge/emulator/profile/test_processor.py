"""What a microcontroller's time does to requests: signatures wait for each other, STOP for none."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from firmware_bridge.emulator.profile.airtime import Airtime
from firmware_bridge.emulator.profile.figures import CORTEX_M4, DESKTOP
from firmware_bridge.emulator.profile.meter import Meter
from shared.wire import operations
from shared.wire.operations import (
    HeadArguments,
    NonceArguments,
    NoncePurpose,
    Operation,
    StatusCode,
)
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.firmware_bridge.emulator.profile.hand_clock import HandClock
from tests.firmware_bridge.emulator.profile.slow_band import Slow, hold

R3_LIMIT_MS = 100
INTERVAL_MS = CORTEX_M4.connection_interval_ms


@pytest.fixture
def band(tmp_path: Path) -> Band:
    band = Band(tmp_path / "band")
    band.ready()
    return band


async def test_stop_ends_pulses_in_time_while_signatures_are_checked(band: Band) -> None:
    band.start()
    band.run_until_fired(44)
    slow = Slow(band)
    word = hold(band)
    checked = [slow.send(Operation.PLACE_HOLD, word) for _ in range(3)]
    await slow.run(INTERVAL_MS * 2)
    asked_ms, asked = band.now_ms, slow.send(Operation.STOP)
    await slow.run(R3_LIMIT_MS)
    assert band.is_in(DeviceState.PAUSED)
    assert not any(task.done() for task in checked)
    await slow.run(5_000)
    last_ms = band.pulse_times_us[-1] / 1000
    assert last_ms - asked_ms + R3_LIMIT_MS > 0
    assert last_ms - asked_ms <= R3_LIMIT_MS
    assert operations.decode_answer(asked.result(), Operation.STOP).status is StatusCode.OK


async def test_stop_is_answered_within_the_limit_too(band: Band) -> None:
    band.start()
    band.run_until_fired(44)
    slow = Slow(band)
    assert await slow.until_done(slow.send(Operation.STOP)) <= R3_LIMIT_MS


async def test_word_that_is_signed_takes_effect_after_its_signatures_were_checked(
    band: Band,
) -> None:
    slow = Slow(band)
    asked = slow.send(Operation.PLACE_HOLD, hold(band))
    checked_ms = INTERVAL_MS + 2 * CORTEX_M4.verify_ms
    await slow.clock.run(checked_ms - 1)
    assert not band.firmware.ledger.holds
    await slow.clock.run(1)
    assert band.firmware.ledger.holds
    assert not asked.done()


async def test_signatures_are_checked_one_after_the_other(band: Band) -> None:
    slow = Slow(band)
    slow.send(Operation.PLACE_HOLD, hold(band))
    second = slow.send(Operation.PLACE_HOLD, hold(band))
    assert await slow.until_done(second) >= INTERVAL_MS + 4 * CORTEX_M4.verify_ms


async def test_signature_made_and_flash_programmed_delay_the_answer(band: Band) -> None:
    slow = Slow(band)
    plain_ms = await slow.until_done(
        slow.send(Operation.NONCE, NonceArguments(NoncePurpose.CLEARANCE))
    )
    head_ms = await slow.until_done(slow.send(Operation.HEAD, HeadArguments(bytes(16))))
    assert plain_ms == INTERVAL_MS
    assert head_ms >= INTERVAL_MS + CORTEX_M4.sign_ms + 1


async def test_erasing_a_block_is_charged(band: Band) -> None:
    meter = Meter(CORTEX_M4, band.board)
    band.board.flash.chip.erase("log", 0)
    assert meter.take_ms() == CORTEX_M4.erase_us // 1000
    assert meter.take_ms() == 0


async def test_desktop_charges_nothing(band: Band) -> None:
    slow = Slow(band, DESKTOP)
    assert DESKTOP.is_free
    assert not CORTEX_M4.is_free
    assert await slow.until_done(slow.send(Operation.PLACE_HOLD, hold(band))) <= 1
    assert slow.clock.elapsed_ms() <= 1


async def test_nonsense_costs_no_more_than_its_way(band: Band) -> None:
    slow = Slow(band)
    nonsense = bytes.fromhex("8301190fff a0")
    refusing = slow.processor.carry_out(nonsense, lambda: band.firmware.control(nonsense, LINK))
    assert await slow.until_done(asyncio.create_task(refusing)) == INTERVAL_MS


async def test_air_takes_so_many_bytes_an_event_and_one_indication() -> None:
    clock = HandClock()
    airtime = Airtime(CORTEX_M4, clock)

    async def spent_ms(message_bytes: int, *, confirmed: bool) -> int:
        begun_ms = clock.elapsed_ms()
        sending = asyncio.create_task(airtime.spend(message_bytes, confirmed=confirmed))
        await clock.run(0)
        while not sending.done():
            await clock.run(1)
        return clock.elapsed_ms() - begun_ms

    half = CORTEX_M4.bytes_per_event // 2
    assert await spent_ms(half, confirmed=False) == 0
    assert await spent_ms(half, confirmed=False) == INTERVAL_MS
    assert await spent_ms(1, confirmed=True) == INTERVAL_MS
    assert await spent_ms(half * 20, confirmed=False) == 10 * INTERVAL_MS
