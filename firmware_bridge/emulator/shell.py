"""One boot of an emulated band: firmware core, board, radio face and time put together.

It drives the firmware: every tick of the clock before the tick is acknowledged, every press, every
link event. Not for any decision of its own, and not for what comes after this boot: see `life.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Protocol

from bumble.transport.common import TransportSink, TransportSource

from firmware_bridge.emulator.boots import Boot, Cause, Down
from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.core import ACTIVE_STATES, FirmwareCore
from firmware_bridge.emulator.face.ear import Deaf, Ear
from firmware_bridge.emulator.face.face import BandFace
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.face.services import Label
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.errors import PowerCut
from firmware_bridge.emulator.profile.figures import DESKTOP, Profile
from firmware_bridge.emulator.profile.meter import Meter
from firmware_bridge.emulator.profile.processor import Processor
from firmware_bridge.emulator.update.server import UpdateServer
from firmware_bridge.emulator.update.store import ImageStore
from firmware_bridge.timebase import Clock, fine_steps
from shared.wire.status import DeviceState

STEP_MS = 10
"""How often the firmware looks at the time, where the clock itself doesn't tick more coarsely."""

RESTART_MS = 250
"""Between the answer to a restart and the restart (own figure)."""

PRESS_MS = 200
HOLD_MS = 3_200
"""A press, and a hold that is long enough to open pairing."""


class RunningBand(Protocol):
    """A band as hands and screwdrivers find it: one boot of it, or a whole life."""

    on_display: Callable[[], None]
    boots: list[Boot]

    @property
    def core(self) -> FirmwareCore:
        """The firmware."""

    @property
    def board(self) -> Board:
        """The hardware."""

    @property
    def face(self) -> BandFace:
        """What is on the air."""

    async def press(self, held_ms: int = PRESS_MS, let_go: asyncio.Event | None = None) -> None:
        """Press the button."""


class BandShell:
    """One boot of the band."""

    def __init__(
        self,
        core: FirmwareCore,
        board: Board,
        clock: Clock,
        radio: tuple[TransportSource, TransportSink],
        state: Path,
        label: Label,
        profile: Profile = DESKTOP,
        ear: Ear | None = None,
        interference: Interference | None = None,
    ) -> None:
        self.core = core
        self.board = board
        self.boots = [Boot(1, Cause.POWER_ON, 0)]
        self._clock = clock
        self._booted_ms = clock.elapsed_ms()
        self._restart = asyncio.Event()
        self._updates = UpdateServer(core, ImageStore(board), self._restart.set)
        processor = Processor(profile, Meter(profile, board), clock)
        interference = interference or Interference(clock)
        self.face = BandFace(
            radio,
            state / "radio",
            core,
            clock,
            label,
            self.catch_up,
            processor,
            ear or Deaf(),
            interference,
            self._updates,
        )
        self._events = interference.events
        self._told_state: DeviceState | None = None
        self._frozen = False
        self.button_held = False
        """It is down and stays down; one that was down at the boot is no press."""
        self.on_display: Callable[[], None] = lambda: None
        self._pressing = asyncio.Lock()
        self._forget = asyncio.Event()
        self._down: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Boot, then live until cancelled; raise `Down` at this boot's end, and what the firmware
        raised."""
        self.core.on_status = self._status_changed
        self.core.on_forget_bonds = self.forget_bonds
        self.core.boot()
        self.catch_up()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_time())
            group.create_task(self.face.run())
            group.create_task(self._forget_bonds())
            group.create_task(self._restart_when_asked())
            await self._down

    def end(self, down: Down) -> None:
        """Let this boot end; the first reason counts."""
        if not self._down.done():
            self._down.set_exception(down)
            # Whoever runs this boot gets it; where nobody does any more, nobody need.
            self._down.exception()

    async def go_down(self) -> None:
        """Vanish from the air; whatever is still said to this boot's firmware changes nothing."""
        self.end(Down(Cause.POWER_CUT))
        self.core.on_status = self.core.on_forget_bonds = lambda: None
        await self.face.go_down()

    def catch_up(self) -> None:
        """Let the firmware do everything that is due by now."""
        if self.is_alive:
            elapsed_ms = self._clock.elapsed_ms() - self._booted_ms
            self.core.advance(elapsed_ms)
            self._updates.advance(elapsed_ms)

    async def press(self, held_ms: int = PRESS_MS, let_go: asyncio.Event | None = None) -> None:
        """Press the band's button and let it go after `held_ms`, or earlier by `let_go`.

        While a number is on the display the press answers it, and the firmware doesn't see it.
        """
        async with self._pressing:
            if self.button_held:
                return
            if self.face.comparison.press():
                return
            try:
                self._button(True)
                await self._held(held_ms, let_go)
            finally:
                self._button(False)

    async def _held(self, held_ms: int, let_go: asyncio.Event | None) -> None:
        if let_go is None:
            await self._clock.sleep_ms(held_ms)
            return
        with suppress(TimeoutError):
            await self._clock.wait_for(let_go.wait(), held_ms)

    @property
    def ended_by(self) -> Down | None:
        """What ended this boot first, where it was told to end."""
        if not self._down.done() or self._down.cancelled():
            return None
        problem = self._down.exception()
        return problem if isinstance(problem, Down) else None

    @property
    def is_over(self) -> bool:
        """Whether this boot has ended."""
        return self._down.done()

    @property
    def is_alive(self) -> bool:
        """Whether the firmware runs: this boot hasn't ended, and doesn't hang."""
        return not (self._down.done() or self._frozen)

    def freeze(self) -> None:
        """Let the firmware hang for the rest of this boot."""
        self._frozen = True
        self.face.freeze()

    def hold_button(self) -> None:
        """Press the button for good; whoever presses it then moves nothing."""
        if not self.button_held:
            self.button_held = True
            self._button(True)

    def let_go_button(self) -> None:
        """Let a held button go."""
        if self.button_held:
            self.button_held = False
            self._button(False)

    def forget_bonds(self) -> None:
        """Let go of every bond."""
        self._forget.set()

    def _button(self, pressed: bool) -> None:
        """Tell the firmware; where its power goes meanwhile, this boot ends."""
        if pressed:
            self._events.tell(Event.BUTTON)
        try:
            self.catch_up()
            if self.is_alive:
                self.core.button(pressed)
        except PowerCut:
            self.end(Down(Cause.POWER_CUT))
        except Down as end:
            self.end(end)

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

    async def _restart_when_asked(self) -> None:
        """Restart for an update, once the phone has its answer."""
        await self._restart.wait()
        await self._clock.sleep_ms(RESTART_MS)
        self.end(Down(Cause.RESTART))

    async def _forget_bonds(self) -> None:
        """Let go of every bond whenever the firmware was reset (R23)."""
        while True:
            await self._forget.wait()
            self._forget.clear()
            await self.face.forget_bonds()

    def _status_changed(self) -> None:
        self.face.status_changed()
        self._tell_state()
        self.on_display()

    def _tell_state(self) -> None:
        state = self.core.state
        if state is not self._told_state:
            self._told_state = state
            stopping_now(self, lambda: self._events.tell(Event.STATE, state.name))


def stopping_now(shell: BandShell, tell: Callable[[], None]) -> None:
    """Tell of something in the midst of the firmware's work; where that ends the boot, it goes no
    further."""
    was_over = shell.is_over
    tell()
    if shell.is_over and not was_over:
        raise PowerCut
