"""What stands in an image where a real one has its code: whom it is for, and how it behaves.

The emulated band carries no machine code. The manifest says which version the emulator is to be
after the swap, and on request that it fails, so that the way back can be seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from shared.firmware.image import MAXIMUM_IMAGE_BYTES, Image
from shared.wire.errors import WireError
from shared.wire.fields import unpack, wire

PRODUCT = "circlet-band"


class Behaviour(IntEnum):
    """How the firmware behaves that the image stands for."""

    STEADY = 1
    NEVER_CONFIRMS = 2
    """It runs, but its self-test never passes."""
    CRASHES_AT_BOOT = 3
    """It never comes so far as to run."""


@dataclass(frozen=True)
class Manifest:
    """An image's payload, in canonical CBOR."""

    product: str = wire(1, minimum=1, maximum=32)
    hardware: str = wire(2, minimum=1, maximum=16)
    name: str = wire(3, minimum=5, maximum=16)
    behaviour: Behaviour = wire(4)
    filler: bytes = wire(5, maximum=MAXIMUM_IMAGE_BYTES, default=b"")
    """Stands for the size of real code."""


def manifest_of(image: Image) -> Manifest:
    """Return the payload's manifest; raise WireError where it is none, or of another version."""
    manifest = unpack(Manifest, image.payload)
    version = str(image.version)
    if manifest.name != version and not manifest.name.startswith(f"{version}-"):
        raise WireError("name", f"{manifest.name!r} is not version {version}")
    return manifest
