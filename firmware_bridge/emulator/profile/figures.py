"""The profiles by name, and what each charges.

Every figure is this product's own choice, of the order that public measurements of software
cryptography and makers' sheets of serial flash give; none is a measurement of a board of ours.
`docs/emulator.md` has the same table, and a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """What takes how long; a profile of zeros charges nothing."""

    name: str
    verify_ms: int = 0
    """One ECDSA P-256 signature checked in software."""
    sign_ms: int = 0
    """One ECDSA P-256 signature made."""
    agree_ms: int = 0
    """One key pair made and one ECDH secret derived, as arming does."""
    program_us: int = 0
    """One page of flash programmed, or a part of one."""
    erase_us: int = 0
    """One block of flash erased."""
    connection_interval_ms: int = 0
    """Time between two connection events of the link."""
    bytes_per_event: int = 0
    """What the band sends in one connection event at most."""

    @property
    def is_free(self) -> bool:
        """Whether nothing takes any time."""
        return self == Profile(self.name)


DESKTOP = Profile("desktop")

CORTEX_M4 = Profile(
    "cortex-m4",
    verify_ms=300,
    sign_ms=150,
    agree_ms=250,
    program_us=700,
    erase_us=45_000,
    connection_interval_ms=30,
    bytes_per_event=4 * 244,
)
"""A Cortex-M4 at 64 MHz without an accelerator for elliptic curves, its flash on a serial bus."""

PROFILES = {profile.name: profile for profile in (DESKTOP, CORTEX_M4)}
