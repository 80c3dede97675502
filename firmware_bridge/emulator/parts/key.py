"""The device's signing key as a part: it signs inside, and may stop doing so.

Not for making or keeping keys: see `identity.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from firmware_bridge.emulator.parts.errors import PartBroken
from shared.trust.keys import PublicKey, Signer


class KeyPart:
    """A signer that can be made unavailable."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._broken = False
        self.spoils = 0
        """How many of the next signatures are wrong."""
        self.on_sign: Callable[[], None] = lambda: None

    @property
    def public_key(self) -> PublicKey:
        """The public half, which is on the certificate anyway."""
        return self._signer.public_key

    def sign(self, message: bytes) -> bytes:
        """Sign inside the part."""
        if self._broken:
            raise PartBroken("signing key")
        self.on_sign()
        if self.spoils:
            self.spoils -= 1
            message += b"?"
        return self._signer.sign(message)

    def break_off(self) -> None:
        """Fault: sign nothing any more."""
        self._broken = True

    def mend(self) -> None:
        """Sign again."""
        self._broken = False

    def spoil(self, signatures: int) -> None:
        """Fault: so many of the next signatures are over something else."""
        self.spoils = signatures
