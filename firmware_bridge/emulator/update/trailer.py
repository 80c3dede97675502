"""MCUboot's trailer, at the end of a slot's last block: is an image waiting, on trial, confirmed?

Each mark is a byte of its own that is only ever set; the magic is written last and makes the others
count. Places are MCUboot's, for flash that is written in units of at most 8 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

MAGIC = bytes.fromhex("77c295f360d2ef7f3552500f2cb67980")
COPY_DONE_AT = -32
IMAGE_OK_AT = -24
MAGIC_AT = -16
SET = b"\x01"
TRAILER_BYTES = 32


@dataclass(frozen=True)
class Trailer:
    """What a slot's trailer says."""

    has_magic: bool
    copy_done: bool
    image_ok: bool

    @property
    def waits(self) -> bool:
        """In the second slot: the image is to be tried at the next boot."""
        return self.has_magic

    @property
    def on_trial(self) -> bool:
        """In the first slot: the image came by a swap, and nobody confirmed it."""
        return self.has_magic and self.copy_done and not self.image_ok


def read_trailer(slot_end: bytes) -> Trailer:
    """Return what the last bytes of a slot say."""
    return Trailer(
        has_magic=slot_end[MAGIC_AT:] == MAGIC,
        copy_done=slot_end[COPY_DONE_AT : COPY_DONE_AT + 1] == SET,
        image_ok=slot_end[IMAGE_OK_AT : IMAGE_OK_AT + 1] == SET,
    )
