"""Nonces of the device: 128 bits, for one purpose, used once, gone at reboot."""

from __future__ import annotations

from firmware_bridge.emulator.firmware.outside import Refused
from firmware_bridge.emulator.firmware.ports import Randomness
from shared.trust.statements import NONCE_BYTES
from shared.wire.operations import NONCE_LIFE_MS, NoncePurpose, StatusCode


class Nonces:
    """The newest nonce of each purpose and when it dies."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness
        self._open: dict[NoncePurpose, tuple[bytes, int]] = {}

    def give(self, purpose: NoncePurpose, uptime_ms: int) -> bytes:
        """Return a fresh nonce; an older one of the same purpose is void from now on."""
        nonce = self._randomness.bytes(NONCE_BYTES)
        self._open[purpose] = (nonce, uptime_ms + NONCE_LIFE_MS[purpose])
        return nonce

    def use(self, purpose: NoncePurpose, nonce: bytes, uptime_ms: int) -> None:
        """Use a nonce up; raise Refused when it isn't open for this purpose now."""
        expected = self._open.get(purpose)
        if expected is None or expected[0] != nonce:
            raise Refused(StatusCode.NONCE_UNKNOWN, "nonce_unknown")
        del self._open[purpose]
        if uptime_ms >= expected[1]:
            raise Refused(StatusCode.NONCE_UNKNOWN, "nonce_expired")
