"""May this image run on this band? Whole, for this product, by the maker, and no way back.

Asked when an image is marked for its trial and once more by the bootloader.
"""

from __future__ import annotations

from dataclasses import dataclass

from firmware_bridge.emulator.parts.security import SecurityCounter
from shared.firmware.image import Image
from shared.firmware.manifest import PRODUCT, Manifest, manifest_of
from shared.firmware.refusals import UpdateRefusal
from shared.firmware.signed import judge
from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey
from shared.wire.errors import WireError

HARDWARE = "emulated"
"""The hardware that this band is."""


class UpdateRefused(Exception):
    """The band takes no such update now."""

    def __init__(self, refusal: UpdateRefusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal


@dataclass(frozen=True)
class Judge:
    """What the bootloader holds an image against."""

    maker: PublicKey
    security: SecurityCounter

    def accept(self, image: Image | None, *, now_s: int | None = None) -> Manifest:
        """Return the manifest of an image that may run; raise UpdateRefused for any other."""
        if image is None:
            raise UpdateRefused(UpdateRefusal.BAD_IMAGE)
        self._check_signature(image, now_s)
        manifest = _manifest(image)
        if (manifest.product, manifest.hardware) != (PRODUCT, HARDWARE):
            raise UpdateRefused(UpdateRefusal.WRONG_PRODUCT)
        if image.security_counter < self.security.read():
            raise UpdateRefused(UpdateRefusal.DOWNGRADE)
        return manifest

    def _check_signature(self, image: Image, now_s: int | None) -> None:
        try:
            judge(image, maker=self.maker, now_s=now_s)
        except (TrustError, WireError) as problem:
            raise UpdateRefused(UpdateRefusal.BAD_SIGNATURE) from problem


def _manifest(image: Image) -> Manifest:
    try:
        return manifest_of(image)
    except WireError as problem:
        raise UpdateRefused(UpdateRefusal.BAD_IMAGE) from problem
