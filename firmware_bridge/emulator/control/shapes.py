"""What is asked of the control surface and what it answers, as values with their limits.

The OpenAPI document is made from these. Not for making them: the rooms beside this file do that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.control.schema import limited
from firmware_bridge.emulator.shell import PRESS_MS
from shared.wire.status import Status

LONGEST_HOLD_MS = 60_000
MOST_RECORDS = 200

# Asked


@dataclass(frozen=True)
class Nothing:
    """No field at all."""


@dataclass(frozen=True)
class ButtonPress:
    """A press of the band's button: a short one, for `hold_ms` of the band's time, or with `down`
    as long as a finger says, one minute at most."""

    press: bool = True
    hold_ms: int = limited(minimum=1, maximum=LONGEST_HOLD_MS, default=PRESS_MS)
    down: bool | None = None


@dataclass(frozen=True)
class RecordsFrom:
    """From which record number on; without it the newest ones."""

    first: int | None = limited(minimum=1, maximum=2**32 - 1, default=None)


# Answered


@dataclass(frozen=True)
class Done:
    """Whether it changed something."""

    ok: bool


@dataclass(frozen=True)
class Refusal:
    """Why a request was not taken; nothing was changed."""

    ok: bool
    code: str
    field: str
    error: str


@dataclass(frozen=True)
class PageLink:
    """An address that opens the page once."""

    path: str


@dataclass(frozen=True)
class CoilSeen:
    """The pulse generator, as the oracle sees it."""

    fired_total: int
    fired_since_load: int
    countdown: int


@dataclass(frozen=True)
class LedgerSeen:
    """Numbers of the first and the last record held, and of the head."""

    first: int
    last: int
    head: int


@dataclass(frozen=True)
class ClockSeen:
    """The backed clock."""

    count_ms: int
    unbroken: bool


@dataclass(frozen=True)
class BootSeen:
    """One beginning of the firmware; `at_ms` is since the process began."""

    number: int
    cause: Cause
    at_ms: int


@dataclass(frozen=True)
class LockReason:
    """Why no session may open now, in the patient's words."""

    code: str
    words: str
    ends_proven_ms: int | None


@dataclass(frozen=True)
class BandState:
    """Everything there is to see of the band from outside, and a little from inside."""

    display: str
    light: str
    state: str
    firmware: str
    pairing_open: bool
    connected: bool
    bonds: int
    coil: CoilSeen
    charged_pulses: int | None
    counter: int
    battery_percent: int
    coil_temperature_c: float
    ledger: LedgerSeen
    backed_clock: ClockSeen
    status: Status
    reasons: tuple[LockReason, ...]
    boots: tuple[BootSeen, ...]
    tasks: int
    """How many tasks the emulator's process has open: what a soak watches."""


@dataclass(frozen=True)
class RawRecord:
    """One record's bytes."""

    number: int
    record: bytes


@dataclass(frozen=True)
class RawLedger:
    """Every record that is kept."""

    first: int
    last: int
    records: tuple[RawRecord, ...]


@dataclass(frozen=True)
class ReadRecord:
    """One record, read; where it can't be, `kind` is null and the bytes say all."""

    number: int
    kind: str | None
    boot_count: int | None
    uptime_ms: int | None
    clock_ms: int | None
    body: dict[str, Any]
    record: bytes


@dataclass(frozen=True)
class ReadLedger:
    """Some records in a row, oldest first."""

    first: int
    last: int
    records: tuple[ReadRecord, ...]


@dataclass(frozen=True)
class Edge:
    """From one state to another, by any of these events."""

    before: str
    after: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Machine:
    """The firmware's own table of states, as edges; `refused` has the events that a state says no
    to."""

    states: tuple[str, ...]
    edges: tuple[Edge, ...]
    refused: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class BlockRun:
    """Erase blocks in a row that are in the same state: erased, used, worn (half of its life is
    gone) or bad (takes nothing, or no erasure is left)."""

    first: int
    blocks: int
    state: str
    most_erases: int


@dataclass(frozen=True)
class FlashArea:
    """One area of the flash."""

    name: str
    used_bytes: int
    room_bytes: int | None
    runs: tuple[BlockRun, ...]


@dataclass(frozen=True)
class FlashMap:
    """The whole flash."""

    block_bytes: int
    wear_limit_erases: int
    areas: tuple[FlashArea, ...]


@dataclass(frozen=True)
class Message:
    """One message on the link, in plain words; `at_ms` is on the band's clock."""

    number: int
    at_ms: int
    by: str
    words: str
    tone: str
    size_bytes: int
    message: bytes


@dataclass(frozen=True)
class Messages:
    """The newest messages, oldest first."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class FaultSeen:
    """One fault that the band can have, and the values that it takes: `kind` is happens, flag,
    integer or page; `usual` is meant where none is given, null where one must be."""

    name: str
    meaning: str
    where: str
    lasts: str
    wanted: str
    kind: str
    least: int | None
    most: int | None
    or_none: str
    usual: Any


@dataclass(frozen=True)
class EventSeen:
    """One event that a fault can be placed at, and its kinds."""

    name: str
    words: str
    kinds: str
    of: tuple[str, ...]


@dataclass(frozen=True)
class Faults:
    """Every fault and event, and which faults stand now."""

    faults: tuple[FaultSeen, ...]
    events: tuple[EventSeen, ...]
    standing: dict[str, Any]


@dataclass(frozen=True)
class Placed:
    """The number of a placement."""

    number: int


@dataclass(frozen=True)
class PlacementSeen:
    """A placed fault: at an instant, or at an event."""

    number: int
    fault: str
    value: Any
    at_ms: int | None
    event: str | None
    of: str
    nth: int | None
    probability: float | None
    for_ms: int | None


@dataclass(frozen=True)
class StruckSeen:
    """A placed fault that came true."""

    number: int
    fault: str
    value: Any
    at_ms: int


@dataclass(frozen=True)
class Placements:
    """What is still to strike, and what has struck."""

    placed: tuple[PlacementSeen, ...]
    struck: tuple[StruckSeen, ...]
