"""What a check takes: given from outside, or reached by a check before it."""

from __future__ import annotations

from enum import Enum


class Need(Enum):
    """One thing that must be so; the words are the reason for leaving a check off."""

    STRANGER = "this computer is bonded with the band already: take a new --state"
    BUTTON = "nobody is at the band's button: name --control, or sit at a terminal"
    SHORT_MTU = "this computer's Bluetooth chooses the MTU by itself"
    KEYS = "no demonstration's keys: name --keys"
    UNOWNED = "the band belongs to a clinic already"
    BONDED = "no bond with the band"
    OWNED = "the band doesn't belong to the demonstration's clinic"
    ENROLLED = "this computer isn't enrolled at the band"
    PLANNED = "no plan of the demonstration's is in force"
    CLEARED = "the band has no clearance"
    UNLOCKED = "the lock says no to a session, whoever asks"
    ARMED = "no session was armed"
    STIMULATING = "no session ran"
    PAUSED = "no session was paused"
    TREATED = "no session came to its end"
