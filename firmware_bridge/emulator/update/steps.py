"""Work in steps that outlasts a power cut: what is to be done, and a mark behind each step done.

It stands in an erase block of its own. A block that was written or erased by half counts as empty.
"""

from __future__ import annotations

import struct
import zlib

from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, FlashChip

_HEAD = struct.Struct(">IH")
_MARKS_AT = 256
_MARK = b"\x00"
MOST_STEPS = BLOCK_BYTES - _MARKS_AT


class Steps:
    """One block of marks, in an area of its own."""

    def __init__(self, chip: FlashChip, area: str) -> None:
        self._chip, self._area = chip, area

    def plan(self) -> bytes | None:
        """What is under way; None where nothing is."""
        raw = self._chip.read(self._area)
        if len(raw) < _HEAD.size:
            return None
        crc, length = _HEAD.unpack_from(raw)
        plan = raw[_HEAD.size : _HEAD.size + length]
        return plan if len(plan) == length and zlib.crc32(plan) == crc else None

    def begin(self, plan: bytes) -> None:
        """Put down what is to be done; until this returns, nothing is under way."""
        self._chip.erase(self._area, 0)
        self._program(0, _HEAD.pack(zlib.crc32(plan), len(plan)) + plan)

    def is_done(self, step: int) -> bool:
        """Whether a step bears its mark."""
        return self._chip.read(self._area)[_MARKS_AT + step :][:1] == _MARK

    def mark(self, step: int) -> None:
        """This step is done."""
        self._program(_MARKS_AT + step, _MARK)

    def end(self) -> None:
        """Nothing is under way any more."""
        self._chip.erase(self._area, 0)

    def _program(self, offset: int, content: bytes) -> None:
        self._chip.program_in_order(self._area, offset, content)
        self._chip.sync(self._area)
