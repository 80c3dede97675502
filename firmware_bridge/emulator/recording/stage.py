"""The band of a replay: real parts over a copy of what the recorded one kept, and no radio.

Faults reach its parts as they did then; what they did to link, button and radio stands in the
journal as what the firmware was told. Not for comparing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from firmware_bridge.emulator.boots import Boot, Cause
from firmware_bridge.emulator.events import Events, Occurred
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.faults.standing import StandingFaults
from firmware_bridge.emulator.life import Bootloader
from firmware_bridge.emulator.overheard import overhear
from firmware_bridge.emulator.parts.board import build_board
from firmware_bridge.emulator.parts.errors import PowerCut
from firmware_bridge.emulator.parts.identity import load_manufacture
from firmware_bridge.emulator.parts.randomness import seeded
from firmware_bridge.emulator.recording.folder import Manifest
from firmware_bridge.emulator.recording.latch import Latch
from firmware_bridge.emulator.recording.pen import DONE_BY_PARTS
from firmware_bridge.emulator.recording.signatures import ReplayedSigner
from firmware_bridge.emulator.recording.steps import Kind
from firmware_bridge.timebase import SystemClock

Struck = tuple[int, str, str, Any]


class ReplayedBand:
    """What faults reach, and what firmware runs on."""

    def __init__(self, manifest: Manifest, state: Path) -> None:
        made = load_manufacture(state / "identity")
        self.latch = Latch(manifest.wall_ms)
        self.signer = ReplayedSigner(made.identity.signer)
        self.board = build_board(
            state,
            replace(made.identity, signer=self.signer),
            self.latch.now_ms,
            durable=False,
            randomness=seeded(manifest.seed),
        )
        self.events = Events(self.latch.now_ms)
        self.interference = Interference(SystemClock(), self.events)
        self._faults = StandingFaults(self)
        self._halted = False
        self._boots = 0
        self._done_by_parts = 0
        self._to_strike: list[Struck] = []
        self.events.listen(self._occurred)
        overhear(self.board, self.events, self._stopping_now)

    def begin(self, bootloader: Bootloader, boot: Boot) -> FirmwareCore:
        """Let the power come back, and a firmware begin."""
        if self._boots:
            self.board.lose_power()
        self._halted = False
        self._boots += 1
        return bootloader(self.board, boot)

    def change(self, kind: Kind, name: str, value: Any) -> None:
        """Make a fault true, or take it back."""
        if kind is Kind.FAULT:
            self._faults.inject(name, value)
        else:
            self._faults.take_back(name)

    def strike_during(self, struck: tuple[Struck, ...]) -> None:
        """Have faults strike in the midst of the step that follows."""
        self._done_by_parts, self._to_strike = 0, list(struck)
        self._strike_what_is_due()

    def _occurred(self, occurred: Occurred) -> None:
        if occurred.event in DONE_BY_PARTS:
            self._done_by_parts += 1
            self._strike_what_is_due()

    def _strike_what_is_due(self) -> None:
        while self._to_strike and self._to_strike[0][0] <= self._done_by_parts:
            _, kind, name, value = self._to_strike.pop(0)
            self.change(Kind(kind), name, value)

    def _stopping_now(self, tell: Callable[[], None]) -> None:
        was_halted = self._halted
        tell()
        if self._halted and not was_halted:
            raise PowerCut

    # What faults reach

    def elapsed_ms(self) -> int:
        """The instant of the present step."""
        return self.latch.now_ms()

    def halt(self, cause: Cause, off_ms: int = 0) -> None:
        """Stop within whatever the firmware does, as then."""
        self.board.flash.chip.cut_after(0)
        self.board.coil.lose_power()
        self._halted = True

    def freeze(self) -> Callable[[], bool]:
        """A firmware that hung was told nothing more: the journal has no calls."""
        boot = self._boots
        return lambda: self._boots == boot

    def hold_button(self) -> None:
        """The journal has what the firmware was told of it."""

    def let_go_button(self) -> None:
        """The journal has what the firmware was told of it."""

    def forget_bonds(self) -> None:
        """There is no radio."""

    def catch_up(self) -> None:
        """The journal has each call."""
