"""Pairing as the app sees it: a number to compare, and why it may be refused.

The Bluetooth stack does the pairing; where the system shows its own dialog, no agent is asked.
"""

from enum import Enum
from typing import Protocol

from bleak.exc import BleakError


class PairingAgent(Protocol):
    """Asks the person, while a pairing runs."""

    async def confirm_number(self, number: int) -> bool:
        """Whether the band shows the same six digits."""


class PairingRefusal(Enum):
    """Why there's no bond, with a stable code and a sentence for the person."""

    NUMBER_DIFFERS = ("number_differs", "The numbers weren't confirmed as the same.")
    NOT_OPEN = ("not_open", "The band isn't ready to pair: hold its button for three seconds.")
    TOO_WEAK = ("too_weak", "The other side offers no pairing with a number to compare.")
    BOND_LOST = ("bond_lost", "The band no longer knows this phone: pair again.")
    NOT_PAIRED = ("not_paired", "This phone isn't paired with the band.")
    BROKEN_OFF = ("broken_off", "The link broke while pairing.")
    UNKNOWN = ("unknown", "Pairing failed.")

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence


class BleakPairingError(BleakError):
    """A backend's pairing or encryption failed, and it knows why."""

    def __init__(self, refusal: PairingRefusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal
