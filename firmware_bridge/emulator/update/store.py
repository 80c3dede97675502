"""Both slots, the swap between them and the upload, over one board: what boots see and servers ask.

Not for messages, and not for what the firmware does while an image arrives.
"""

from __future__ import annotations

from firmware_bridge.emulator.parts.board import Board
from firmware_bridge.emulator.update.judging import Judge
from firmware_bridge.emulator.update.slots import FIRST, SECOND, Slot
from firmware_bridge.emulator.update.swap import Swap, SwapKind
from firmware_bridge.emulator.update.upload import Upload


class ImageStore:
    """The board's firmware images."""

    def __init__(self, board: Board) -> None:
        chip = board.flash.chip
        self.first, self.second = Slot(chip, FIRST), Slot(chip, SECOND)
        self.upload = Upload(chip)
        self.judge = Judge(board.identity.manufacturer, board.security)
        self._swap = Swap(chip)
        self._security = board.security

    @property
    def on_trial(self) -> bool:
        """Whether what runs has still to confirm itself."""
        return self.first.trailer.on_trial

    @property
    def waits(self) -> bool:
        """Whether an image is to be tried at the next boot."""
        return self.second.trailer.waits

    @property
    def swap_under_way(self) -> bool:
        """Whether a power cut left the slots between two places."""
        return self._swap.under_way

    def swap(self, kind: SwapKind) -> None:
        """Let the slots change places."""
        self._swap.begin(kind)
        self.finish_swap()

    def finish_swap(self) -> None:
        """Do what is left of a swap; what was sent before is no longer where it was."""
        self._swap.finish(self.upload.forget)

    def confirm(self) -> None:
        """What runs stays, and nothing below its security counter comes any more."""
        self.first.set_confirmed()
        self.settle_security()

    def settle_security(self) -> None:
        """Let the security counter follow a confirmed image: a power cut may have been between."""
        image = self.first.image()
        if image is not None and not self.on_trial:
            self._security.raise_to(image.security_counter)
