"""A band as far as placements see one: a real board, and a record of what was done to the rest."""

from collections.abc import Callable
from pathlib import Path

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.events import Events
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.faults.placements import Placements
from firmware_bridge.emulator.overheard import overhear
from firmware_bridge.emulator.parts.board import build_board
from tests.firmware_bridge.emulator.profile.hand_clock import HandClock
from tests.firmware_bridge.emulator.world import made_identity


class Bench:
    """Everything that a fault can reach, on a clock that a test moves by hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = HandClock()
        self.board = build_board(folder, made_identity(), self.clock.elapsed_ms, durable=False)
        self.events = Events(self.elapsed_ms)
        self.interference = Interference(self.clock, self.events)
        self.faults = Placements(self, self.clock, self.events)
        self.done: list[object] = []
        self.frozen = False
        overhear(self.board, self.events, lambda tell: tell())

    def elapsed_ms(self) -> int:
        return self.clock.elapsed_ms()

    def halt(self, cause: Cause, off_ms: int = 0) -> None:
        self.frozen = False
        self.done.append((cause, off_ms))

    def freeze(self) -> Callable[[], bool]:
        self.frozen = True
        return lambda: self.frozen

    def hold_button(self) -> None:
        self.done.append("pressed")

    def let_go_button(self) -> None:
        self.done.append("let go")

    def forget_bonds(self) -> None:
        self.done.append("bonds forgotten")

    def catch_up(self) -> None:
        pass
