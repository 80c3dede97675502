"""Each state of the link in words, with what the person can do about it."""

from __future__ import annotations

from firmware_bridge.link import LinkState
from mobile.language import mark, told

_WORDS = {
    LinkState.OFF: mark("No link is wanted. Connect the band, or get ready for a session."),
    LinkState.NO_PERMISSION: mark(
        "This app may not use Bluetooth. Allow it in the phone's settings."
    ),
    LinkState.BLUETOOTH_OFF: mark("Bluetooth is off. Switch it on in the phone's settings."),
    LinkState.SEARCHING: mark(
        "The phone is looking for the band. Hold the band's button for three seconds."
    ),
    LinkState.CONNECTING: mark("The phone is connecting. Stay near the band."),
    LinkState.PAIRING: mark("The number is being compared. Answer on phone and band."),
    LinkState.SECURING: mark("The link is being locked with its key. Stay near the band."),
    LinkState.SYNCING: mark("The phone reads what the band says. Stay near the band."),
    LinkState.READY: mark("Connected. There's nothing to do."),
    LinkState.ASLEEP: mark(
        "The band is far away. The phone looks now and then; open the app to have it look at once."
    ),
    LinkState.LOST: mark("The link broke and is tried again. Bring phone and band together."),
    LinkState.REFUSED: mark(
        "This device can't be used with the app. Take the band from your clinic, or call it."
    ),
    LinkState.BOND_BROKEN: mark(
        "Phone and band no longer know each other. Connect the band anew; nothing is lost."
    ),
}


def link_state_words(state: LinkState) -> str:
    """Return what the state means, and the next step."""
    return told(_WORDS[state])
