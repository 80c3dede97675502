"""A firmware image by the demonstration's maker; no code is in it, only how it is to behave."""

from __future__ import annotations

from firmware_bridge.demo.keys import DemoKeys, Role
from shared.firmware.image import Version
from shared.firmware.manifest import PRODUCT, Behaviour, Manifest
from shared.firmware.signed import Release, make

HARDWARE = "emulated"


def image(
    keys: DemoKeys, version: Version, behaviour: Behaviour, *, security_counter: int, size: int
) -> bytes:
    """A signed image of about so many bytes."""
    manifest = Manifest(PRODUCT, HARDWARE, str(version), behaviour, bytes(size))
    release = Release(manifest, version, security_counter)
    key = keys.private[Role.FIRMWARE]
    return make(release, key=key, certificate=keys.firmware_certificate)
