"""A link that is up but dead is found: by three missed beats in a session, by asking otherwise."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import pytest

from firmware_bridge.link import LinkLost, LinkSilent
from firmware_bridge.link.watchdog import BEAT_MS, IDLE_CHECK_MS, MISSED_BEATS, Watchdog
from shared.wire.status import DeviceState
from tests.firmware_bridge.link.conftest import RESTING

T = TypeVar("T")
TREATING = dataclasses.replace(RESTING, state=DeviceState.STIMULATING)


class HastyClock:
    """Time passes only by sleeping, and then at once."""

    def __init__(self) -> None:
        self.now_ms = 0
        self.on_sleep: Callable[[], None] = lambda: None

    def elapsed_ms(self) -> int:
        return self.now_ms

    def wall_ms(self) -> int:
        return self.now_ms

    async def sleep_ms(self, duration_ms: int) -> None:
        self.now_ms += duration_ms
        self.on_sleep()
        await asyncio.sleep(0)

    async def wait_for(self, awaitable: Awaitable[T], limit_ms: int) -> T:
        return await awaitable

    def work(self) -> AbstractContextManager[None]:
        return nullcontext()


class Band:
    """Answers a probe as long as it's alive."""

    def __init__(self, *, alive: bool) -> None:
        self.alive = alive
        self.dies_at_ms: int | None = None
        self.asked_at_ms: list[int] = []
        self.clock = HastyClock()

    async def probe(self) -> None:
        self.asked_at_ms.append(self.clock.now_ms)
        if not self.alive or self.clock.now_ms == self.dies_at_ms:
            raise LinkLost()


async def test_three_missed_beats_of_a_session_end_the_link() -> None:
    band = Band(alive=False)
    watchdog = Watchdog(band.clock, band.probe)
    watchdog.heard(TREATING)
    reason = await watchdog.until_dead()
    assert isinstance(reason, LinkSilent)
    assert reason.silent_ms == band.clock.now_ms == MISSED_BEATS * BEAT_MS


async def test_an_idle_band_may_be_silent_for_longer() -> None:
    band = Band(alive=False)
    watchdog = Watchdog(band.clock, band.probe)
    watchdog.heard(RESTING)
    await watchdog.until_dead()
    assert band.asked_at_ms == [IDLE_CHECK_MS]


async def test_beats_that_come_keep_the_link_without_a_question() -> None:
    band = Band(alive=False)
    watchdog = Watchdog(band.clock, band.probe)
    watchdog.heard(TREATING)

    def beat() -> None:
        if band.clock.now_ms <= 60_000:
            watchdog.heard(TREATING)

    band.clock.on_sleep = beat
    await watchdog.until_dead()
    assert band.asked_at_ms == [60_000 + MISSED_BEATS * BEAT_MS]


async def test_a_silent_band_that_answers_stays() -> None:
    band = Band(alive=True)
    watchdog = Watchdog(band.clock, band.probe, idle_check_ms=5_000)
    band.dies_at_ms = 20_000
    watching = asyncio.create_task(watchdog.until_dead())
    assert isinstance(await watching, LinkSilent)
    assert band.asked_at_ms == [5_000, 10_000, 15_000, 20_000]


@pytest.mark.parametrize("state", [DeviceState.ARMED, DeviceState.PAUSED, DeviceState.CLOSING])
async def test_every_state_of_a_session_is_watched_closely(state: DeviceState) -> None:
    band = Band(alive=False)
    watchdog = Watchdog(band.clock, band.probe)
    watchdog.heard(dataclasses.replace(RESTING, state=state))
    await watchdog.until_dead()
    assert band.asked_at_ms == [MISSED_BEATS * BEAT_MS]
