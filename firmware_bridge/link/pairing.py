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
    BOND_LOST = (
        "bond_lost",
        "The band no longer knows this phone. Hold its button for three seconds and pair again: "
        "your treatment and its record stay as they are.",
    )
    NOT_PAIRED = (
        "not_paired",
        "This phone no longer knows the band. Hold the band's button for three seconds and pair "
        "again: your treatment and its record stay as they are.",
    )
    KEYS_DIFFER = (
        "keys_differ",
        "Phone and band no longer share a key. Hold the band's button for three seconds and pair "
        "again: your treatment and its record stay as they are.",
    )
    BOND_BROKEN = (
        "bond_broken",
        "Phone and band no longer know each other. Hold the band's button for three seconds and "
        "pair again: your treatment and its record stay as they are.",
    )
    NOT_AGREED = (
        "not_agreed",
        "Phone and band didn't agree to pair. Hold the band's button for three seconds, then "
        "confirm the number on both within half a minute.",
    )
    TOO_LATE = (
        "too_late",
        "The numbers weren't confirmed in time. Hold the band's button for three seconds, then "
        "confirm on both within half a minute.",
    )
    BROKEN_OFF = ("broken_off", "The link broke while pairing. Stay near the band and try again.")
    UNKNOWN = ("unknown", "Pairing failed.")

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        self.sentence = sentence


BROKEN_BONDS = frozenset(
    {
        PairingRefusal.BOND_LOST,
        PairingRefusal.NOT_PAIRED,
        PairingRefusal.KEYS_DIFFER,
        PairingRefusal.BOND_BROKEN,
    }
)
"""There was a bond, and one side lost it or has another."""


class BleakPairingError(BleakError):
    """A backend's pairing or encryption failed, and it knows why."""

    def __init__(self, refusal: PairingRefusal) -> None:
        super().__init__(refusal.sentence)
        self.refusal = refusal
