"""An emulated band, its radio and clock as processes, and a phone of this one that stays near it.

The clock runs as quickly as all take part in it; what takes place on the air takes its real time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from firmware_bridge.conformance.emulated import EmulatedBand, emulated_band
from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.setting_up import set_up
from firmware_bridge.hand.hand import EmulatedHand
from firmware_bridge.hand.surface import Surface
from firmware_bridge.link import Connection, LinkError, LinkState, PairingRefused, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.timebase import ServedClock

RATE = "20"
"""Simulated seconds in a real one while nobody asks for more."""

LOOK_EVERY_S = 0.02
AWAY_MS = 1_000
TRIES = 600
LET_GO_WITHIN_S = 10.0


class NotBack(RuntimeError):
    """The phone didn't come back to its band: something stays broken."""


class Stand:
    """The phone, and what it needs."""

    def __init__(self, band: EmulatedBand, clock: ServedClock, adapter: Adapter) -> None:
        self.band, self.clock = band, clock
        self.surface = Surface(band.control, band.token)
        self.radio = Surface(band.radio_control)
        self.hand = EmulatedHand(self.surface)
        self.clinic = DemoClinic(band.keys, clock)
        self.connection = Connection(VirtualBluetooth(adapter), clock)
        self.client = StimulatorClient(self.connection)
        self.address = ""
        self._keeping: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Pair with the band and set it up."""
        await self.pair()
        await self.near()
        await set_up(self.client, self.clinic, self.hand.press)

    async def pair(self) -> None:
        """Hold the button and pair, as a person does who lost the bond too."""
        await self.away()
        await self.hand.hold()
        self.address = await self.connection.pair(self.hand)
        await self.connection.let_go()

    async def near(self) -> None:
        """Be connected; pair anew where the bond is broken. NotBack where it stays so."""
        for _ in range(TRIES):
            if self.connection.state is LinkState.READY:
                return
            await self._keep()
            await asyncio.sleep(LOOK_EVERY_S)
            await self.clock.advance(AWAY_MS)
        raise NotBack(f"the link stayed {self.connection.state.name}: {self.connection.reason}")

    async def away(self) -> None:
        """Let the band go, and wait until it knows."""
        keeping, self._keeping = self._keeping, None
        if keeping is not None:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        with suppress(LinkError):
            await self.connection.let_go()
        async with asyncio.timeout(LET_GO_WITHIN_S):
            while True:
                if not (await self.surface.state())["connected"]:
                    return
                await asyncio.sleep(LOOK_EVERY_S)

    async def _keep(self) -> None:
        if self._keeping is not None and self._keeping.done():
            keeping, self._keeping = self._keeping, None
            problem = keeping.exception()
            if isinstance(problem, PairingRefused):
                await self.pair()
            elif problem is not None:
                raise problem
        if self._keeping is None:
            self._keeping = asyncio.create_task(self.connection.keep(self.address), name="keep")


@asynccontextmanager
async def open_stand(folder: Path) -> AsyncIterator[Stand]:
    """Start everything, pair, and set the band up."""
    with emulated_band(folder, clock=("--rate", RATE), options=("--no-fsync",)) as band:
        assert band.clock is not None
        host, _, port = band.clock.rpartition(":")
        clock = await ServedClock.connect(host, int(port), "phone")
        adapter = await Adapter.open(band.radio, folder / "phone")
        stand = Stand(band, clock, adapter)
        try:
            await stand.begin()
            yield stand
        finally:
            with suppress(LinkError, TimeoutError):
                await stand.away()
            await adapter.close()
            await clock.close()
