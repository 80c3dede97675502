"""The band's life: one boot after the other over the same board, until it is told to end.

A boot ends by a watchdog, a brown-out, a power cut or a restart; what has no supply of its own is
lost with it. The bootloader chooses which firmware begins. Not for what a boot does: that is the
shell's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from bumble.transport.common import TransportSink, TransportSource

from firmware_bridge.emulator.boots import Boot, Cause, Down, down_in
from firmware_bridge.emulator.events import Event, Events
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.ear import Deaf, Ear
from firmware_bridge.emulator.face.face import BandFace
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.face.services import Label
from firmware_bridge.emulator.faults.placements import Placements
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.overheard import overhear
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.parts.errors import PowerCut
from firmware_bridge.emulator.profile.figures import DESKTOP, Profile
from firmware_bridge.emulator.shell import PRESS_MS, BandShell, stopping_now
from firmware_bridge.timebase import Clock

log = logging.getLogger(__name__)

MINUTE_MS = 60_000

Bootloader = Callable[[Board, Boot], FirmwareCore]
"""Chooses which firmware begins; where it raises `Down`, the boot ends before it began."""


def only_firmware(board: Board, boot: Boot) -> FirmwareCore:
    """Begin the one firmware that there is."""
    return Firmware(board.parts)


@dataclass(frozen=True)
class Body:
    """What stays the same from boot to boot."""

    board: Board
    clock: Clock
    radio: tuple[TransportSource, TransportSink]
    state: Path
    label: Label
    profile: Profile = DESKTOP
    ear: Ear = field(default_factory=Deaf)


class Life:
    """A band that can go down and come up; `core`, `face` and `press` are the present boot's."""

    def __init__(self, body: Body, bootloader: Bootloader = only_firmware) -> None:
        self.board = body.board
        self.boots: list[Boot] = []
        self.on_display: Callable[[], None] = lambda: None
        self.on_boot: Callable[[Boot], None] = lambda boot: None
        self._body = body
        self._bootloader = bootloader
        self._began_ms = body.clock.elapsed_ms()
        self.events = Events(self.elapsed_ms)
        self.interference = Interference(body.clock, self.events)
        self.faults = Placements(self, body.clock, self.events)
        self._aired = asyncio.Event()
        self._button_held = False
        self.shell = self._next_shell(Cause.POWER_ON)
        overhear(self.board, self.events, lambda tell: stopping_now(self.shell, tell))

    @property
    def core(self) -> FirmwareCore:
        """The firmware that runs, or ran last."""
        return self.shell.core

    @property
    def face(self) -> BandFace:
        """What is on the air, or was last."""
        return self.shell.face

    def elapsed_ms(self) -> int:
        """Time on the band's clock since its process began."""
        return self._body.clock.elapsed_ms() - self._began_ms

    async def run(self) -> None:
        """Live until cancelled; raise what the firmware raised."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._boot_after_boot())
            group.create_task(self.faults.run())
            group.create_task(self._tell_minutes())

    async def _tell_minutes(self) -> None:
        while True:
            await self._body.clock.sleep_ms(MINUTE_MS)
            self.events.tell(Event.MINUTE)

    async def _boot_after_boot(self) -> None:
        while True:
            end = await self._one_boot()
            log.info("%s", end)
            await self.shell.go_down()
            self.board.lose_power()
            await self._body.clock.sleep_ms(end.off_ms)
            self.shell = self._next_shell(end.cause)

    def reboot(self, cause: Cause, off_ms: int = 0) -> None:
        """End the present boot; the next begins after `off_ms` without power."""
        self.shell.end(Down(cause, off_ms))

    def halt(self, cause: Cause, off_ms: int = 0) -> None:
        """Stop the processor within whatever it does: nothing is written, fired or said any more.

        The next boot begins after `off_ms`.
        """
        self.interference.fall_silent()
        self.board.flash.chip.cut_after(0)
        self.board.coil.lose_power()
        self.reboot(cause, off_ms)

    def freeze(self) -> Callable[[], bool]:
        """Let the firmware hang until this boot ends; whether it does, what is returned says."""
        shell = self.shell
        shell.freeze()
        return lambda: not shell.is_over

    def hold_button(self) -> None:
        """Press the button once the firmware is through with what it does, and leave it pressed."""
        self._button_held = True
        asyncio.get_running_loop().call_soon(lambda: self.shell.hold_button())

    def let_go_button(self) -> None:
        """Let a held button go."""
        self._button_held = False
        asyncio.get_running_loop().call_soon(lambda: self.shell.let_go_button())

    def forget_bonds(self) -> None:
        """Lose every phone's keys."""
        self.shell.forget_bonds()

    async def on_air(self) -> None:
        """Return once the band has advertised for the first time."""
        await self._aired.wait()

    def catch_up(self) -> None:
        """Let the firmware do everything that is due by now."""
        self.shell.catch_up()

    async def press(self, held_ms: int = PRESS_MS, let_go: asyncio.Event | None = None) -> None:
        """Press the band's button and let it go after `held_ms`, or earlier by `let_go`."""
        await self.shell.press(held_ms, let_go)

    async def _one_boot(self) -> Down:
        """Run until this boot is over. In a task of its own: a group that fails while it is left
        lets its task count as cancelled for ever (Python 3.11)."""
        self.on_boot(self.boots[-1])
        self.events.tell(Event.BOOT, self.boots[-1].cause)
        running = asyncio.create_task(self._run_shell())
        try:
            await asyncio.wait([running])
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        problem = running.exception()
        end = None if problem is None else down_in(problem)
        if end is None:
            raise problem or AssertionError("a shell runs until it is ended")
        return self.shell.ended_by or end

    async def _run_shell(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.shell.run())
            group.create_task(self._note_on_air())

    async def _note_on_air(self) -> None:
        await self.shell.face.on_air()
        self._aired.set()

    def _next_shell(self, cause: Cause) -> BandShell:
        """Boot as often as the bootloader says that a boot ended before it began."""
        while True:
            boot = Boot(len(self.boots) + 1, cause, self.elapsed_ms())
            self.boots.append(boot)
            try:
                core = self._bootloader(self.board, boot)
            except Down as end:
                cause = end.cause
                continue
            except PowerCut:
                self.board.lose_power()
                cause = Cause.POWER_CUT
                continue
            return self._shell_of(core)

    def _shell_of(self, core: FirmwareCore) -> BandShell:
        body = self._body
        label = replace(body.label, firmware=core.firmware_version)
        shell = BandShell(
            core,
            body.board,
            body.clock,
            body.radio,
            body.state,
            label,
            body.profile,
            body.ear,
            self.interference,
        )
        shell.button_held = self._button_held
        shell.on_display = lambda: self.on_display()
        return shell
