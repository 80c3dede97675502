"""Where the link to the band stands, and what may follow what.

One table says which state may follow which; `Standing` holds the link to it and tells whoever
listens. No words for a person: those are the app's.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from firmware_bridge.link.audience import Audience
from firmware_bridge.link.errors import LinkError


class LinkState(Enum):
    """One at a time; `LOST` and `ASLEEP` last until the band is found again or given up."""

    OFF = "off"
    """Nobody wants a link."""
    NO_PERMISSION = "no_permission"
    """The person or the system hasn't allowed the app to use Bluetooth."""
    BLUETOOTH_OFF = "bluetooth_off"
    """Bluetooth is switched off, or there's none."""
    SEARCHING = "searching"
    """Listening for a band that's ready to pair."""
    CONNECTING = "connecting"
    PAIRING = "pairing"
    """The person compares the number."""
    SECURING = "securing"
    """Encrypted by the bond; subscribing."""
    SYNCING = "syncing"
    """Reading what the band says of itself."""
    READY = "ready"
    """Commands can be sent."""
    ASLEEP = "asleep"
    """The band is out of reach and nobody waits for it: looked for only now and then."""
    LOST = "lost"
    """The link broke or can't be had; it's tried again by itself."""
    REFUSED = "refused"
    """Trying again won't mend it: see the reason."""
    BOND_BROKEN = "bond_broken"
    """One side no longer has the other's key: they must be paired again."""


_S = LinkState
_OBSTACLES = {_S.NO_PERMISSION, _S.BLUETOOTH_OFF}
_ENDS = {_S.OFF, _S.LOST, _S.REFUSED, _S.BOND_BROKEN} | _OBSTACLES

FOLLOWS: dict[LinkState, frozenset[LinkState]] = {
    _S.OFF: frozenset({_S.SEARCHING, _S.CONNECTING, _S.ASLEEP} | _OBSTACLES),
    _S.NO_PERMISSION: frozenset({_S.CONNECTING, _S.SEARCHING, _S.SECURING, _S.ASLEEP} | _ENDS),
    _S.BLUETOOTH_OFF: frozenset({_S.CONNECTING, _S.SEARCHING, _S.SECURING, _S.ASLEEP} | _ENDS),
    _S.SEARCHING: frozenset({_S.OFF, _S.CONNECTING, _S.REFUSED} | _OBSTACLES),
    _S.CONNECTING: frozenset({_S.SEARCHING, _S.PAIRING, _S.SECURING, _S.ASLEEP} | _ENDS),
    _S.PAIRING: frozenset({_S.SEARCHING, _S.SECURING} | _ENDS),
    _S.SECURING: frozenset({_S.SYNCING} | _ENDS),
    _S.SYNCING: frozenset({_S.READY} | _ENDS),
    _S.READY: frozenset(_ENDS),
    _S.ASLEEP: frozenset({_S.SECURING, _S.SEARCHING} | _ENDS),
    _S.LOST: frozenset({_S.SECURING, _S.ASLEEP, _S.SEARCHING} | _ENDS),
    _S.REFUSED: frozenset({_S.OFF, _S.SEARCHING, _S.CONNECTING} | _OBSTACLES),
    _S.BOND_BROKEN: frozenset({_S.OFF, _S.SEARCHING, _S.CONNECTING} | _OBSTACLES),
}
"""What may follow each state; a state may always follow itself, with another reason."""


class OutOfTurn(Exception):
    """The link's code took a step that the table doesn't have: a mistake of ours."""

    def __init__(self, present: LinkState, wanted: LinkState) -> None:
        super().__init__(f"{wanted.value} can't follow {present.value}")


class Standing:
    """The present state, and why."""

    def __init__(self) -> None:
        self._state = LinkState.OFF
        self._reason: LinkError | None = None
        self._audience: Audience[LinkState] = Audience()

    @property
    def state(self) -> LinkState:
        return self._state

    @property
    def reason(self) -> LinkError | None:
        """What led here, where it wasn't wanted."""
        return self._reason

    def watch(self, callback: Callable[[LinkState], None]) -> Callable[[], None]:
        """Hear of each change; call what is returned to stop."""
        return self._audience.join(callback)

    def enter(self, state: LinkState, reason: LinkError | None = None) -> None:
        """Go there and tell; `OutOfTurn` where the table doesn't lead there."""
        if state is self._state:
            self._reason = reason or self._reason
            return
        if state not in FOLLOWS[self._state]:
            raise OutOfTurn(self._state, state)
        self._state, self._reason = state, reason
        self._audience.tell(state)
