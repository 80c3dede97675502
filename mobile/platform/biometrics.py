"""The biometrics port: is it the phone's owner? For the app's lock, never before STOP."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class Recognised(Enum):
    """The system's answer."""

    YES = "yes"
    NO = "no"
    LEFT = "the person left the question, or wants the PIN"
    UNAVAILABLE = "unavailable"


class Biometrics(Protocol):
    """Asks by the system's own dialog; the app sees neither face nor finger."""

    @property
    def are_there(self) -> bool:
        """Whether the system could ask now."""

    async def ask(self, title: str, reason: str, leave: str) -> Recognised:
        """Ask, with a button to leave it; returns when the person has answered."""
