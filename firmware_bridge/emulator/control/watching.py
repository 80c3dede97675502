"""What a running band is watched by from its first boot on: its messages and its state machine.

Not for showing any of it: see `live` and `surface`.
"""

from __future__ import annotations

from firmware_bridge.emulator.boots import Boot
from firmware_bridge.emulator.control.live import Live
from firmware_bridge.emulator.control.messages import MessageLog
from firmware_bridge.emulator.face.core import FirmwareCore
from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.life import Bootloader
from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.timebase import Clock


class Watch:
    """Ear and eye of one run."""

    def __init__(self, clock: Clock) -> None:
        began_ms = clock.elapsed_ms()
        self.live = Live()
        self.messages = MessageLog(lambda: clock.elapsed_ms() - began_ms)
        self.messages.on_message = self.live.message

    def watching(self, bootloader: Bootloader) -> Bootloader:
        """Look at each firmware that this bootloader begins."""

        def begin(board: Board, boot: Boot) -> FirmwareCore:
            core = bootloader(board, boot)
            if isinstance(core, Firmware):
                core.watch_events(self.live.event)
            return core

        return begin
