"""Nonces as the door saw them given: each for its purpose, once, in its time (PROTOCOL)."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.campaign.schedules.oracle.figures import FOR_ATTEST, LIFE_US


@dataclass
class Nonces:
    """Open nonces: purpose, instant and boot."""

    given: dict[bytes, tuple[int, int, int]] = field(default_factory=dict)

    def give(self, purpose: int, nonce: bytes, at_us: int, boot: int) -> None:
        """The device gave one."""
        self.given[nonce] = (purpose, at_us, boot)

    def use(self, purpose: int, nonce: bytes, at_us: int, boot: int) -> str | None:
        """The device took a statement over it; return what was wrong with that."""
        found = self.given.pop(nonce, None)
        if found is None:
            return "a nonce was taken that was never given, or twice"
        meant, given_us, given_boot = found
        if meant != purpose:
            return "a nonce was taken for another purpose"
        if at_us - given_us > LIFE_US[purpose]:
            return "a nonce was taken after its life"
        if purpose != FOR_ATTEST and boot != given_boot:
            return "a nonce was taken after a reboot"
        return None
