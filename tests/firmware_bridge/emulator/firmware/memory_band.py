"""The same band over memory: an image is taken at no cost, and a boot takes a few milliseconds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from firmware_bridge.emulator.firmware.core import Firmware
from firmware_bridge.emulator.firmware.ports import Identity
from firmware_bridge.emulator.parts.board import Kept, build_board_in_memory
from tests.firmware_bridge.emulator.firmware.band import Band
from tests.shared.clinic import DEVICE_ID

NOWHERE = Path("no-folder")


class MemoryBand(Band):
    """A band whose parts keep everything in memory."""

    def __init__(
        self, kept: Kept | None = None, *, like: Band | None = None, cut_after: int | None = None
    ) -> None:
        self.kept = kept or Kept()
        self._cut_after = cut_after
        super().__init__(NOWHERE, like=like)

    def twin(self) -> MemoryBand:
        """Power on a second device over a copy of everything that this one has kept."""
        return MemoryBand(self.kept.copy(), like=self)

    def power_on(self, before_boot: Callable[[Firmware], None] = lambda _: None) -> None:
        """Boot the core anew over what is kept; once, the power may go before it is up."""
        identity = Identity(DEVICE_ID, self.device_key, b"", self.clinic.manufacturer.public_key)
        self._booted_ms = self.now_ms
        self.board = build_board_in_memory(self.kept, identity, lambda: self.now_ms)
        self.boots.append((self.board.coil.fired_total, self.now_ms))
        if self._cut_after is not None:
            self.board.flash.chip.cut_after(self._cut_after)
            self._cut_after = None
        self.firmware = Firmware(self.board.parts)
        before_boot(self.firmware)
        self.firmware.boot()
        self.firmware.advance(0)
