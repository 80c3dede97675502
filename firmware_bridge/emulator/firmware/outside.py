"""What the core and its shell tell each other beside bytes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkSecurity:
    """How well the present Bluetooth link is protected."""

    encrypted: bool
    authenticated: bool
    secure_connections: bool
    peer: str

    @property
    def is_enough(self) -> bool:
        """True for LE Secure Connections with authentication; nothing less may command."""
        return self.encrypted and self.authenticated and self.secure_connections


@dataclass(frozen=True)
class Display:
    """The band's small display and its light."""

    text: str
    light: str


class Refused(Exception):
    """A request that the device refuses: a stable code and, for the lock, its reasons."""

    def __init__(self, status: int, code: str, reasons: tuple[int, ...] = ()) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.reasons = reasons
