"""Counts what the parts of a board did, in the time that a profile gives it.

Not for waiting: the processor and the air do that.
"""

from __future__ import annotations

from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.profile.figures import Profile


class Meter:
    """Time that signatures made and flash written have cost and nobody waited for yet."""

    def __init__(self, profile: Profile, board: Board) -> None:
        self._profile = profile
        self._owed_us = 0
        board.key.on_sign = self._signed
        board.flash.chip.on_program = self._programmed
        board.flash.chip.on_erase = self._erased

    def take_ms(self) -> int:
        """What is owed so far, in whole milliseconds rounded up; from here on it counts as paid."""
        owed_us, self._owed_us = self._owed_us, 0
        return -(-owed_us // 1000)

    def _signed(self) -> None:
        self._owed_us += self._profile.sign_ms * 1000

    def _programmed(self, pages: int) -> None:
        self._owed_us += pages * self._profile.program_us

    def _erased(self) -> None:
        self._owed_us += self._profile.erase_us
