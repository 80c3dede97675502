"""An image arrives in the second slot, chunk by chunk, and goes on where it was after any break.

Within a boot it goes on at the byte, after a power cut at the last whole block. Not for whether the
image is any good: that is judged once it is whole.
"""

from __future__ import annotations

import hashlib

from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, FlashChip
from firmware_bridge.emulator.update.slots import SECOND, Slot
from firmware_bridge.emulator.update.steps import Steps

UPLOAD_STATUS = "image-upload"
_LENGTH_BYTES = 4


class Upload:
    """The image that is being sent, if any."""

    def __init__(self, chip: FlashChip) -> None:
        self._steps = Steps(chip, UPLOAD_STATUS)
        self._chip = chip
        self._slot = Slot(chip, SECOND)
        self._plan = b""
        self.held_bytes = 0

    @property
    def length(self) -> int:
        """Bytes of the image that is being sent."""
        return int.from_bytes(self._plan[:_LENGTH_BYTES], "big")

    @property
    def is_whole(self) -> bool:
        """Whether all of it has arrived."""
        return bool(self._plan) and self.held_bytes == self.length

    def begin(self, length: int, sha256: bytes) -> None:
        """Go on with the image of this length and hash, or begin it where it is another one."""
        plan = length.to_bytes(_LENGTH_BYTES, "big") + sha256
        if plan == self._plan:
            return
        if plan == self._steps.plan():
            self._go_on(plan)
            return
        self.forget()
        self._slot.erase()
        self._steps.begin(plan)
        self._plan = plan

    def write(self, content: bytes) -> None:
        """Take the next bytes."""
        self._slot.write(self.held_bytes, content)
        before = self.held_bytes // BLOCK_BYTES
        self.held_bytes += len(content)
        for block in range(before, self.held_bytes // BLOCK_BYTES):
            self._steps.mark(block)

    def matches(self) -> bool:
        """Whether what arrived has the hash that was announced."""
        content = self._chip.read(SECOND)[: self.length]
        return hashlib.sha256(content).digest() == self._plan[_LENGTH_BYTES:]

    def forget(self) -> None:
        """Whatever comes next is another image."""
        self._steps.end()
        self._plan, self.held_bytes = b"", 0

    def _go_on(self, plan: bytes) -> None:
        """After a boot the marks say what is whole; what lies behind may be torn."""
        self._plan = plan
        blocks = 0
        while blocks * BLOCK_BYTES < self.length and self._steps.is_done(blocks):
            blocks += 1
        self._slot.erase(blocks)
        self.held_bytes = blocks * BLOCK_BYTES
