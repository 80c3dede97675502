"""One firmware slot: an image from its first block on, the trailer in its last.

Not for which image may run: see `judging`.
"""

from __future__ import annotations

from firmware_bridge.emulator.parts.chip import BLOCK_BYTES, FlashChip
from firmware_bridge.emulator.parts.media import ERASED
from firmware_bridge.emulator.update import trailer
from firmware_bridge.emulator.update.trailer import Trailer, read_trailer
from shared.firmware.image import MAXIMUM_IMAGE_BYTES, Image, length_in, read
from shared.wire.errors import WireError

IMAGE_BLOCKS = MAXIMUM_IMAGE_BYTES // BLOCK_BYTES
SLOT_BLOCKS = IMAGE_BLOCKS + 1
SLOT_BYTES = SLOT_BLOCKS * BLOCK_BYTES
FIRST, SECOND, SCRATCH = "image-0", "image-1", "image-scratch"


class Slot:
    """One of the two, over the band's flash chip."""

    def __init__(self, chip: FlashChip, area: str) -> None:
        self._chip, self.area = chip, area

    # The image

    def image(self) -> Image | None:
        """The whole image that the slot holds; None where it holds none."""
        content = self._chip.read(self.area)[:MAXIMUM_IMAGE_BYTES]
        try:
            return read(content[: length_in(content)])
        except WireError:
            return None

    @property
    def used_blocks(self) -> int:
        """How many blocks hold anything of an image."""
        content = self._chip.read(self.area)[:MAXIMUM_IMAGE_BYTES]
        return -(-len(content.rstrip(ERASED)) // BLOCK_BYTES)

    def block(self, number: int) -> bytes:
        """What a block holds, without what is erased at its end."""
        start = number * BLOCK_BYTES
        return self._chip.read(self.area)[start : start + BLOCK_BYTES].rstrip(ERASED)

    def replace_block(self, number: int, content: bytes) -> None:
        """Erase a block and write it anew."""
        self._chip.erase(self.area, number)
        self.write(number * BLOCK_BYTES, content)

    def write(self, offset: int, content: bytes) -> None:
        """Write into erased cells; on return it survives a power cut."""
        self._chip.program_in_order(self.area, offset, content)
        self._chip.sync(self.area)

    def erase(self, first_block: int = 0) -> None:
        """Erase the slot from a block on, its trailer included."""
        self._chip.erase(self.area, first_block, SLOT_BLOCKS - first_block)

    # The trailer

    @property
    def trailer(self) -> Trailer:
        """What it says."""
        return read_trailer(self._chip.read(self.area)[SLOT_BYTES - trailer.TRAILER_BYTES :])

    def set_waiting(self) -> None:
        """The image is to be tried at the next boot."""
        self.write(SLOT_BYTES + trailer.MAGIC_AT, trailer.MAGIC)

    def set_swapped(self, *, confirmed: bool) -> None:
        """The image came here by a swap."""
        self.erase_trailer()
        self.write(SLOT_BYTES + trailer.COPY_DONE_AT, trailer.SET)
        if confirmed:
            self.set_confirmed()
        self.write(SLOT_BYTES + trailer.MAGIC_AT, trailer.MAGIC)

    def set_confirmed(self) -> None:
        """The image stays."""
        self.write(SLOT_BYTES + trailer.IMAGE_OK_AT, trailer.SET)

    def erase_trailer(self) -> None:
        """Nothing is said of the image."""
        self._chip.erase(self.area, IMAGE_BLOCKS)
