"""A band whose requests take a microcontroller's time, on a clock that a test moves by hand."""

from __future__ import annotations

import asyncio
from typing import Any

from firmware_bridge.emulator.profile.figures import CORTEX_M4, Profile
from firmware_bridge.emulator.profile.meter import Meter
from firmware_bridge.emulator.profile.processor import Processor
from shared.trust import sign1
from shared.trust.statements import HoldKind, HoldSource, PlaceHold, Purpose
from shared.wire import operations
from shared.wire.operations import Nothing, Operation, Request, StatementArguments
from tests.firmware_bridge.emulator.firmware.band import LINK, Band
from tests.firmware_bridge.emulator.profile.hand_clock import HandClock
from tests.shared.clinic import DEVICE_ID

TICK_MS = 10


class Slow:
    """A band whose requests take a microcontroller's time."""

    def __init__(self, band: Band, profile: Profile = CORTEX_M4) -> None:
        self.band = band
        self.clock = HandClock()
        self.processor = Processor(profile, Meter(profile, band.board), self.clock)
        self._number = 10_000

    def send(self, operation: Operation, arguments: Any = None) -> asyncio.Task[bytes]:
        """Have a request on its way to the band."""
        self._number += 1
        request = operations.encode_request(
            Request(self._number, operation, arguments or Nothing())
        )
        control = lambda: self.band.firmware.control(request, LINK)  # noqa: E731
        return asyncio.create_task(self.processor.carry_out(request, control))

    async def run(self, ms: int) -> None:
        """Let the band and its processor go on."""
        for _ in range(ms // TICK_MS):
            await self.clock.run(TICK_MS)
            self.band.run(TICK_MS, beat=True)

    async def until_done(self, task: asyncio.Task[bytes]) -> int:
        """How long an answer takes from now."""
        begun_ms = self.clock.elapsed_ms()
        while not task.done():
            await self.clock.run(1)
        return self.clock.elapsed_ms() - begun_ms


def hold(band: Band) -> StatementArguments:
    """A safety hold that the clinic signed."""
    word = PlaceHold(b"h" * 16, HoldKind.SAFETY, HoldSource.CLOUD, "clinician", 1)
    signer = band.clinic.online[Purpose.HOLD]
    envelope = sign1.sign(word, audience=DEVICE_ID, signer=signer)
    return StatementArguments(envelope, band.clinic.certificate(Purpose.HOLD))
