"""The device's state machine: what every event does in every state, decided on purpose.

An event is an operation of the control point or a happening: the button, a deadline, a sensor. The
table is what the device obeys: an event that it refuses is refused, a change of state that it does
not name is a fault. ``docs/protocol.md`` prints it from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from firmware_bridge.emulator.firmware.outside import Refused
from shared.wire.operations import Operation, StatusCode
from shared.wire.status import DeviceState


class Happening(Enum):
    """Events that nobody asked for over the control point."""

    BUTTON = auto()
    BUTTON_HELD = auto()
    BEAT_MISSED = auto()
    STILL_HERE_DUE = auto()
    STILL_HERE_MISSED = auto()
    ARMED_LIMIT = auto()
    PAUSE_LIMIT = auto()
    TIME_LIMIT = auto()
    PART_DONE = auto()
    PULSES_DONE = auto()
    DISCHARGED = auto()
    CONTACT_LOST = auto()
    POSITION_LOST = auto()
    TOO_HOT = auto()
    MOVED = auto()
    PRACTICE_LIMIT = auto()
    SELF_TEST_DONE = auto()
    UPDATE_BEGIN = auto()
    UPDATE_END = auto()
    STRAY_PULSE = auto()
    FAULT_FOUND = auto()


Event = Operation | Happening


class Choice(Enum):
    """What an event does in a state."""

    NOTHING = auto()
    """It is taken, and means nothing here."""

    REFUSED = auto()
    """The device says no, with the row's code."""

    TAKEN = auto()
    """It is judged and carried out; the cell names the states that may follow."""


@dataclass(frozen=True)
class Cell:
    """One decision: ``targets`` are the states that may follow beside the present one."""

    choice: Choice
    targets: frozenset[DeviceState] = frozenset()
    refusal: str = ""


COLUMNS: dict[str, DeviceState] = {
    "U": DeviceState.UNPROVISIONED,
    "I": DeviceState.IDLE,
    "A": DeviceState.ARMED,
    "S": DeviceState.STIMULATING,
    "P": DeviceState.PAUSED,
    "R": DeviceState.REPOSITIONING,
    "C": DeviceState.CLOSING,
    "T": DeviceState.PRACTICE,
    "E": DeviceState.SELF_TESTING,
    "F": DeviceState.FAULT,
    "D": DeviceState.UPDATING,
}

# A cell: "." nothing, "!" refused, "=" taken, and the letters of the states that may follow.
_ROWS = """
                      U    I    A    S    P    R    C    T    E    F    D    refusal
HELLO                 =    =    =    =    =    =    =    =    =    =    =
NONCE                 =    =    =    =    =    =    =    =    =    =    =
HEAD                  =    =    =    =    =    =    =    =    =    =    =
SESSION_OUTCOME       =    =    =    =    =    =    =    =    =    =    =
REQUEST_OUTCOME       =    =    =    =    =    =    =    =    =    =    =
LOCATE                =    =    =    =    =    =    =    =    =    =    =

PROVISION             =    =    !    !    !    !    !    !    !    =    !    not_idle
RESET                 =    =U   !    !    !    !    !    !    !    !    !    not_idle
RETIRE                =    =U   !    !    !    !    !    !    !    =    !    not_idle
ROTATE_ROOT           =    =    !    !    !    !    !    !    !    !    !    not_idle
ACCEPT_CATALOGUE      =    =    !    !    !    !    !    !    !    !    !    not_idle
AUTHORIZE_APP         =    =    !    !    !    !    !    !    !    !    !    not_idle
TAKE_CONTROL          =    =    !    !    !    !    !    !    !    !    !    not_idle
RELEASE_CONTROL       =    =    !    !    !    !    !    !    !    !    !    not_idle
ATTEST_TIME           =    =    !    !    !    !    !    !    !    !    !    not_idle
SUPERVISE             =    =    !    !    !    !    !    !    !    !    !    not_idle
INSTALL               =    =    =I   =C   =C   =C   !    !    !    !    !    not_idle
REVOKE                =    =    =I   =C   =C   =C   =    =    =    =    =
PLACE_HOLD            =    =    =I   =C   =C   =C   =    =    =    =    =
GATE_ANSWERS          =    =    =I   =C   =C   =C   =    =    =    =    =
SIDE_EFFECT_ANSWERS   =    =    =I   =C   =C   =C   =    =    =    =    =
SET_TIME              =    =    =    =    =    =    =    =    =    =    =
CLEARANCE             =    =    =    =    =    =    =    =    =    =    =
CONFIRM_HOLD          =    =    =    =    =    =    =    =    =    =    =
TAKE_BACK             =    =    =    =    =    =    =    =    =    =    =
LIFT_HOLD             =    =    =    =    =    =    =    =    =    =    =
POSTPONE              =    =    =    =    =    =    =    =    =    =    =
TRAINING_DONE         =    =    =    =    =    =    =    =    =    =    =
RECEIPT               =    =    =    =    =    =    =    =    =    =    =

ARM                   !    =A   !    !    !    !    !    !    !    !    !    not_idle
OPEN_START_WINDOW     !    !    =    !    !    !    !    !    !    !    !    not_armed
START                 !    !    =SC  !    !    !    !    !    !    !    !    not_armed
RESUME                !    !    !    !    =SRC !    !    !    !    !    !    not_paused
REPOSITIONED          !    !    !    !    !    =SC  !    !    !    !    !    not_repositioning
BEAT                  !    !    =    =    =    =    !    !    !    !    !    not_armed
STILL_HERE            !    !    =    =    =    =    !    !    !    !    !    not_armed
SOFTEN                !    !    =    =    =    =    !    !    !    !    !    not_armed
TITRATE               !    !    !    =C   !    !    !    !    !    !    !    not_stimulating
PAUSE                 .    .    .    =PC  .    =P   .    .    .    .    .
STOP                  .    .    =I   =PC  =    =P   .    =I   .    .    .
CLOSE                 .    .    =I   =C   =C   =C   .    =I   .    .    .
PRACTICE              !    =T   !    !    !    !    !    .    !    !    !    not_idle
SELF_TEST             !    =E   !    !    !    !    !    !    .    !    !    not_idle

BUTTON                =I   =U   =SC  =PC  =SRC =P   .    =I   .    .    .
BUTTON_HELD           =    =    .    .    .    .    .    .    .    .    .
BEAT_MISSED           .    .    =I   =PC  .    =P   .    .    .    .    .
STILL_HERE_DUE        .    .    .    =    .    .    .    .    .    .    .
STILL_HERE_MISSED     .    .    .    =PC  .    .    .    .    .    .    .
ARMED_LIMIT           .    .    =I   .    .    .    .    .    .    .    .
PAUSE_LIMIT           .    .    .    .    =C   =C   .    .    .    .    .
TIME_LIMIT            .    .    .    =C   =C   .    .    .    .    .    .
PART_DONE             .    .    .    =RC  .    .    .    .    .    .    .
PULSES_DONE           .    .    .    =C   .    .    .    .    .    .    .
DISCHARGED            .    .    .    .    .    .    =I   .    .    .    .
CONTACT_LOST          .    .    .    =PC  .    .    .    .    .    .    .
POSITION_LOST         .    .    .    =PC  .    .    .    .    .    .    .
TOO_HOT               .    .    =I   =C   =C   =C   .    .    .    .    .
MOVED                 .    .    .    =C   .    .    .    .    .    .    .
PRACTICE_LIMIT        .    .    .    .    .    .    .    =I   .    .    .
SELF_TEST_DONE        .    .    .    .    .    .    .    .    =I   .    .
UPDATE_BEGIN          =D   =D   !    !    !    !    !    !    !    !    !    not_idle
UPDATE_END            .    .    .    .    .    .    .    .    .    .    =UI
STRAY_PULSE           =F   =F   =F   .    =F   =F   =F   =F   =F   .    =F
FAULT_FOUND           =F   =F   =F   =F   =F   =F   =F   =F   =F   .    =F
"""


_GENERAL = {
    DeviceState.UNPROVISIONED: (StatusCode.NOT_PROVISIONED, "not_provisioned"),
    DeviceState.FAULT: (StatusCode.FAULT, "out_of_service"),
}
"""Where nothing of the kind can be had, that is said, and not what it would take."""


class StateError(Exception):
    """The device came into a state that its table does not lead to."""


class StateMachine:
    """Asks the table before an event is carried out, and after each change of state."""

    def __init__(self, state: Callable[[], DeviceState]) -> None:
        self._state = state
        self._event: Event | None = None
        self._before = DeviceState.UNPROVISIONED
        self.on_event: Callable[[DeviceState, Event], None] = lambda _state, _event: None

    def take(self, event: Event) -> bool:
        """Return whether the event means anything now; raise Refused where the table says no."""
        state = self._state()
        cell = TABLE[event][state]
        self.on_event(state, event)
        if cell.choice is Choice.REFUSED:
            raise Refused(*refusal_in(state, cell))
        if cell.choice is Choice.NOTHING:
            return False
        self._event, self._before = event, state
        return True

    def changed(self) -> None:
        """Raise StateError unless the present state may follow from the event under way."""
        state = self._state()
        if state in (self._before, DeviceState.FAULT) or self._event is None:
            return
        if state not in TABLE[self._event][self._before].targets:
            raise StateError(f"{self._before.name} to {state.name} by {self._event.name}")


def refusal_in(state: DeviceState, cell: Cell) -> tuple[StatusCode, str]:
    """Return status and code with which a refusing cell refuses."""
    return _GENERAL.get(state, (StatusCode.WRONG_STATE, cell.refusal))


def event_named(name: str) -> Event:
    """Return the event of a row's name."""
    return Operation[name] if name in Operation.__members__ else Happening[name]


def _cell(text: str, refusal: str) -> Cell:
    if text == ".":
        return Cell(Choice.NOTHING)
    if text == "!":
        return Cell(Choice.REFUSED, refusal=refusal)
    return Cell(Choice.TAKEN, frozenset(COLUMNS[letter] for letter in text[1:]))


def _row(line: str) -> tuple[Event, Mapping[DeviceState, Cell]]:
    name, *cells = line.split()
    refusal = cells[len(COLUMNS)] if len(cells) > len(COLUMNS) else ""
    decided = zip(COLUMNS.values(), cells[: len(COLUMNS)], strict=True)
    return event_named(name), {state: _cell(text, refusal) for state, text in decided}


TABLE: Mapping[Event, Mapping[DeviceState, Cell]] = dict(
    _row(line) for line in _ROWS.splitlines()[2:] if line.strip()
)
