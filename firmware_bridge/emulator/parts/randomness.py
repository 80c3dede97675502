"""Random bytes: the operating system's in the place of a hardware generator, or from a seed.

Bytes from a seed are for campaigns that must be repeatable, and protect nothing.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable

from firmware_bridge.emulator.parts.errors import PartBroken


class RandomSource:
    """Unpredictable bytes, as long as the part answers."""

    def __init__(self, source: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._source = source
        self._broken = False

    def bytes(self, count: int) -> bytes:
        """Return `count` bytes."""
        if self._broken:
            raise PartBroken("randomness")
        return self._source(count)

    def break_off(self) -> None:
        """Fault: give no more bytes; never predictable ones."""
        self._broken = True

    def mend(self) -> None:
        """Give bytes again."""
        self._broken = False


def seeded(seed: int) -> RandomSource:
    """Bytes that a seed fixes, for a campaign."""
    return RandomSource(random.Random(seed).randbytes)
