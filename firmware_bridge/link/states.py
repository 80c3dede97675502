"""Where the link to the band stands. No words for a person: those are the app's."""

from enum import Enum


class LinkState(Enum):
    """One at a time; `LOST` lasts until the link is `READY` again or given up."""

    OFF = "off"
    SEARCHING = "searching"
    CONNECTING = "connecting"
    PAIRING = "pairing"
    SECURING = "securing"
    READY = "ready"
    LOST = "lost"
    REFUSED = "refused"
