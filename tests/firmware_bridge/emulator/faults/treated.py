"""A band with an owner and a prescription, on the air, and the phone that it knows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.life import Life
from firmware_bridge.link import Beat, LinkState, StimulatorClient
from firmware_bridge.timebase import Clock
from shared.trust.keys import SoftwareKey
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.firmware_bridge.emulator.living import LOOK_MS, Scene, living
from tests.firmware_bridge.emulator.world import WITHIN_S
from tests.shared.clinic import DEVICE_ID, NOW_S, Clinic

READY_MS = 120_000


class Prepared(Band):
    """What a clinic and an app have to say to a band that lives, past the radio."""

    def __init__(self, life: Life, clock: Clock, clinic: Clinic, key: SoftwareKey) -> None:
        self._life, self._clock = life, clock
        self.clinic, self.device_key = clinic, key
        self.session_id = b"s" * 16
        self.arm_message = self.first_transfer = b""
        self.writer = None
        self._request_id = 0
        self.board = life.board

    @property
    def now_ms(self) -> int:  # type: ignore[override]
        """Time since the clinic's now."""
        return self._clock.wall_ms() - NOW_S * 1000

    @property
    def firmware(self) -> Firmware:  # type: ignore[override]
        """The firmware of the present boot."""
        self._life.catch_up()
        assert isinstance(self._life.core, Firmware)
        return self._life.core


@dataclass
class Treated:
    """The band, its phone, and what was agreed between them."""

    scene: Scene
    band: Prepared
    address: str

    @property
    def life(self) -> Life:
        return self.scene.life

    @property
    def client(self) -> StimulatorClient:
        return self.scene.client

    def place(self, fault: str, **asked: Any) -> None:
        """Place a fault; what is left out is usual."""
        self.life.faults.place({"fault": fault, **asked})

    @property
    def struck(self) -> list[str]:
        return [each.fault for each in self.life.faults.struck()]

    async def until_state(self, state: LinkState) -> None:
        """Return once the phone's link is in that state."""
        reached = asyncio.Event()
        leave = self.scene.connection.watch(lambda now: reached.set() if now is state else None)
        try:
            if self.scene.connection.state is not state:
                async with asyncio.timeout(WITHIN_S):
                    await reached.wait()
        finally:
            leave()

    async def until_ready(self) -> None:
        await self.scene.connection.until_ready(READY_MS)

    async def until_device(self, state: DeviceState) -> None:
        """Return once the device is in that state."""
        async with asyncio.timeout(WITHIN_S):
            while self.life.core.state is not state:
                await self.scene.connection.clock.sleep_ms(LOOK_MS)

    async def start_a_session(self) -> None:
        """Arm and press; the phone beats from here on."""
        self.band.start()
        assert self.band.writer is not None
        self.client.hold_session_key(self.band.writer)


@asynccontextmanager
async def treated(folder: Path) -> AsyncIterator[Treated]:
    """A band that was made ready, bonded with a phone that keeps its link."""
    clinic, key = Clinic(), SoftwareKey.generate()
    identity = Identity(DEVICE_ID, key, b"", clinic.manufacturer.public_key)
    async with AsyncExitStack() as leaving:
        scene = await leaving.enter_async_context(living(folder, identity=identity))
        band = Prepared(scene.life, scene.connection.clock, clinic, key)
        band.ready()
        address = await scene.pair()
        keeping = asyncio.create_task(scene.connection.keep(address))
        leaving.push_async_callback(_end, keeping)
        yield Treated(scene, band, address)


@asynccontextmanager
async def beating(here: Treated) -> AsyncIterator[None]:
    """The phone beats, as long as there is a link."""
    beats = asyncio.create_task(Beat(here.client, here.scene.connection.clock).run())
    try:
        yield
    finally:
        await _end(beats)


async def _end(task: asyncio.Task[Any]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
