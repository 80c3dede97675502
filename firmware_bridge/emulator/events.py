"""What happens in a running band, told to whoever listens: faults, pages, recordings.

`MEANINGS` names every event. A listener is called in the midst of what happens and must not call
the firmware. Not for the firmware's own events, on which it decides: see `firmware/states.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.face.ear import Channel
from shared.wire.operations import Operation
from shared.wire.record_types import RecordType
from shared.wire.status import DeviceState


class Event(StrEnum):
    """Everything that can be listened for."""

    BOOT = "boot"
    CONNECTED = "connected"
    PAIRING = "pairing"
    SECURED = "secured"
    DISCONNECTED = "disconnected"
    WRITTEN = "written"
    REQUEST = "request"
    ANSWER = "answer"
    NOTIFICATION = "notification"
    STATE = "state"
    TRAIN = "train"
    SLICE = "slice"
    PULSE = "pulse"
    RECORD = "record"
    FLASH_WRITE = "flash_write"
    BUTTON = "button"
    MINUTE = "minute"


LOG_AREA = "log"
PAGE_AREA = "page"


@dataclass(frozen=True)
class Meaning:
    """What an event is, and what it may be narrowed to."""

    words: str
    kinds: str = ""
    """What its kinds are called; empty where it has none."""
    of: frozenset[str] = frozenset()


def _names(members: Iterable[object]) -> frozenset[str]:
    return frozenset(str(member) for member in members)


_OPERATIONS = frozenset(Operation.__members__)
_CHANNELS = _names(Channel)

MEANINGS: dict[Event, Meaning] = {
    Event.BOOT: Meaning("the firmware begins", "cause", _names(Cause)),
    Event.CONNECTED: Meaning("a phone's link is up"),
    Event.PAIRING: Meaning("a phone asks to pair"),
    Event.SECURED: Meaning("the link is encrypted and authenticated"),
    Event.DISCONNECTED: Meaning("the link has ended"),
    Event.WRITTEN: Meaning("a value of the phone arrives", "characteristic", _CHANNELS),
    Event.REQUEST: Meaning("the firmware takes a request", "operation", _OPERATIONS),
    Event.ANSWER: Meaning("the firmware has answered a request", "operation", _OPERATIONS),
    Event.NOTIFICATION: Meaning(
        "a value is about to leave, notified or indicated", "characteristic", _CHANNELS
    ),
    Event.STATE: Meaning("the device enters a state", "state", frozenset(DeviceState.__members__)),
    Event.TRAIN: Meaning("the first slice of a train is reserved in flash"),
    Event.SLICE: Meaning("a slice is reserved in flash, and none of its pulses is fired yet"),
    Event.PULSE: Meaning("a pulse has left the coil"),
    Event.RECORD: Meaning(
        "a record is whole in the ledger", "record type", frozenset(RecordType.__members__)
    ),
    Event.FLASH_WRITE: Meaning(
        "something is about to be written to flash", "area", frozenset({LOG_AREA, PAGE_AREA})
    ),
    Event.BUTTON: Meaning("the band's button is pressed"),
    Event.MINUTE: Meaning("a minute has passed on the band's clock"),
}
"""Every event with its meaning; `circlet-emulator faults` and docs/faults.md print it."""


@dataclass(frozen=True)
class Occurred:
    """One event as it happened."""

    event: Event
    of: str
    """Which of its kinds; empty where it has none."""
    content: bytes
    """The value, request, answer or record; empty where there is none."""
    at_ms: int
    """On the band's clock, since its process began."""


Listener = Callable[[Occurred], None]


class Events:
    """Tells its listeners; without any it costs nothing."""

    def __init__(self, elapsed_ms: Callable[[], int]) -> None:
        self._elapsed_ms = elapsed_ms
        self._listeners: tuple[Listener, ...] = ()

    @property
    def heard(self) -> bool:
        """Whether anybody listens: what costs something to say needn't be said to nobody."""
        return bool(self._listeners)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have a listener told from now on; what is returned ends that."""
        self._listeners += (listener,)

        def leave() -> None:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

        return leave

    def tell(self, event: Event, of: str = "", content: bytes = b"") -> None:
        """Tell that something happens now."""
        if not self._listeners:
            return
        occurred = Occurred(event, of, content, self._elapsed_ms())
        for listener in self._listeners:
            listener(occurred)
