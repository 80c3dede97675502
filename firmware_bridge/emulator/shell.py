"""One emulated band: firmware core, board, radio face and time put together.

It drives the firmware: every tick of the clock before the tick is acknowledged, every press, every
link event. Not for any decision of its own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bumble.transport.common import TransportSink, TransportSource

from firmware_bridge.emulator.face.core import ACTIVE_STATES, FirmwareCore
from firmware_bridge.emulator.face.face import BandFace
from firmware_bridge.emulator.face.services import Label
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.profile.figures import DESKTOP, Profile
from firmware_bridge.emulator.profile.meter import Meter
from firmware_bridge.emulator.profile.processor import Processor
from firmware_bridge.timebase import Clock, fine_steps

STEP_MS = 10
"""How often the firmware looks at the time, where the clock itself doesn't tick more coarsely."""

PRESS_MS = 200
HOLD_MS = 3_200
"""A press, and a hold that is long enough to open pairing."""


class BandShell:
    """The running band."""

    def __init__(
        self,
        core: FirmwareCore,
        board: Board,
        clock: Clock,
        radio: tuple[TransportSource, TransportSink],
        state: Path,
        label: Label,
        profile: Profile = DESKTOP,
    ) -> None:
        self.core = core
        self.board = board
        self._clock = clock
        self._booted_ms = clock.elapsed_ms()
        processor = Processor(profile, Meter(profile, board), clock)
        self.face = BandFace(radio, state / "radio", core, clock, label, self.catch_up, processor)
        self.on_display: Callable[[], None] = lambda: None
        self._pressing = asyncio.Lock()
        self._forget = asyncio.Event()

    async def run(self) -> None:
        """Boot, then live until cancelled; raise what the firmware raised."""
        self.core.on_status = self._status_changed
        self.core.on_forget_bonds = self._forget.set
        self.core.boot()
        self.catch_up()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_time())
            group.create_task(self.face.run())
            group.create_task(self._forget_bonds())

    def catch_up(self) -> None:
        """Let the firmware do everything that is due by now."""
        self.core.advance(self._clock.elapsed_ms() - self._booted_ms)

    async def press(self, held_ms: int = PRESS_MS) -> None:
        """Press the band's button and let it go after `held_ms`.

        While a number is on the display the press answers it, and the firmware doesn't see it.
        """
        async with self._pressing:
            self.catch_up()
            if self.face.comparison.press():
                return
            self.core.button(True)
            try:
                await self._clock.sleep_ms(held_ms)
            finally:
                self.catch_up()
                self.core.button(False)

    async def _keep_time(self) -> None:
        """See every tick before it is acknowledged; ask for fine ones while a session runs."""
        with ExitStack() as session:
            fine = False
            while True:
                await self._clock.sleep_ms(STEP_MS)
                self.catch_up()
                self.on_display()
                if fine is not (self.core.state in ACTIVE_STATES):
                    fine = not fine
                    session.close()
                    if fine:
                        session.enter_context(fine_steps(self._clock))

    async def _forget_bonds(self) -> None:
        """Let go of every bond whenever the firmware was reset (R23)."""
        while True:
            await self._forget.wait()
            self._forget.clear()
            await self.face.forget_bonds()

    def _status_changed(self) -> None:
        self.face.status_changed()
        self.on_display()
