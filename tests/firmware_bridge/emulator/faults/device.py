"""A whole band without Bluetooth whose faults can be placed: real core, real parts, real faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.events import Event, Events
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.faults.placements import Placements
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.overheard import overhear
from firmware_bridge.emulator.parts.errors import PowerCut
from shared.wire.records import SessionClosedBody
from tests.firmware_bridge.emulator.firmware.band import STEP_MS, Band
from tests.firmware_bridge.emulator.profile.hand_clock import HandClock


class Device(Band):
    """A band that goes down and comes up as the faults have it."""

    def __init__(self, folder: Path) -> None:
        clock = HandClock()
        self.events = Events(self.elapsed_ms)
        self.interference = Interference(clock, self.events)
        self.faults = Placements(self, clock, self.events)
        self.causes: list[Cause] = []
        self._off_ms: int | None = None
        self._frozen = False
        self._moved: list[bool] = []
        """What the button does once the firmware is through with what it does."""
        super().__init__(folder)

    def power_on(self, before_boot: Callable[[Firmware], None] = lambda _: None) -> None:
        super().power_on(before_boot)
        overhear(self.board, self.events, self._stopping_now)
        self._frozen = False

    def run(self, ms: int, *, beat: bool = False, still_here: bool = True) -> None:
        """Let time pass, and the band come up again whenever it went down."""
        end_ms = self.now_ms + ms
        while self.now_ms < end_ms:
            try:
                self._step(beat=beat, still_here=still_here)
            except PowerCut:
                self._come_up()

    def place(self, fault: str, **asked: Any) -> None:
        """Place a fault; what is left out is usual."""
        self.faults.place({"fault": fault, **asked})

    @property
    def charged(self) -> int:
        """Pulses charged to every session so far, the reserved ones of an open one included."""
        closed = sum(body.charged_pulses for body in self.bodies(SessionClosedBody))
        session = self.firmware.ledger.session
        return closed + (0 if session is None else session.charged_pulses)

    # What faults reach

    def elapsed_ms(self) -> int:
        return self.now_ms

    def halt(self, cause: Cause, off_ms: int = 0) -> None:
        self.causes.append(cause)
        self._off_ms = off_ms
        self.board.flash.chip.cut_after(0)
        self.board.coil.lose_power()

    def freeze(self) -> Callable[[], bool]:
        self._frozen, boot = True, self.board
        return lambda: self.board is boot

    def hold_button(self) -> None:
        self._moved.append(True)

    def let_go_button(self) -> None:
        self._moved.append(False)

    def forget_bonds(self) -> None:
        pass

    def catch_up(self) -> None:
        pass

    # Inside

    def _step(self, *, beat: bool, still_here: bool) -> None:
        if self._frozen:
            self.now_ms += STEP_MS
        else:
            super().run(STEP_MS, beat=beat, still_here=still_here)
        while self._moved and not self._frozen:
            self.firmware.button(self._moved.pop(0))
        if self._off_ms is not None:
            raise PowerCut

    def _come_up(self) -> None:
        off_ms, self._off_ms = self._off_ms or 0, None
        self.reboot(off_ms=off_ms)
        self.events.tell(Event.BOOT, self.causes[-1] if self.causes else Cause.POWER_CUT)

    def _stopping_now(self, tell: Callable[[], None]) -> None:
        was_down = self._off_ms is not None
        tell()
        if self._off_ms is not None and not was_down:
            raise PowerCut
