"""A signer for replays: it gives back the recorded signatures, each where it holds.

Two signatures over the same message differ; so they are compared by verification. Where a recorded
one isn't over what is signed today, the device signs anew, and that is counted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from shared.trust.errors import TrustError
from shared.trust.keys import PublicKey, Signer


class ReplayedSigner:
    """The device's signer, with what it signed then."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._recorded: deque[bytes] = deque()
        self.verified = 0
        self.others = 0
        """How many signatures are over something else today, or were not made then."""

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return self._signer.public_key

    @property
    def left(self) -> int:
        """How many of the recorded ones weren't asked for."""
        return len(self._recorded)

    def expect(self, signatures: Iterable[str]) -> None:
        """Have the signatures of the next step ready, and no others."""
        self._recorded = deque(bytes.fromhex(each) for each in signatures)

    def sign(self, message: bytes) -> bytes:
        """Return what was signed then, if it was this."""
        if self._recorded:
            recorded = self._recorded.popleft()
            try:
                self.public_key.verify(recorded, message)
            except TrustError:
                self.others += 1
                return self._signer.sign(message)
            self.verified += 1
            return recorded
        self.others += 1
        return self._signer.sign(message)
