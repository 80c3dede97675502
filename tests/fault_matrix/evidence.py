"""What a cell saw, gathered by means of its own: nothing in here is the word of the code tested.

Pulses come from the coil's log, charges from the bytes in flash, records from band, phone and
clinic each. Not for judging.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from firmware_bridge.emulator.parts.flash import LOG
from shared.wire.records import RecordType
from tests.campaign.schedules.oracle.ledger import Account, Line, lines_in
from tests.fault_matrix.stage import Stage
from tests.fault_matrix.words import Said

Records = dict[int, bytes]


@dataclass(frozen=True)
class Look:
    """The balance at an instant."""

    fired: int
    charged: int


@dataclass(frozen=True)
class Screen:
    """A screen, and how long it stood once the fault was over."""

    name: str
    title: str
    offers_a_step: bool
    stood_ms: int


@dataclass(frozen=True)
class UpdateSeen:
    """What was seen of a firmware update, from its first request to its end."""

    outcomes: tuple[str, ...]
    """Names of the outcomes, one for each try."""
    runs: str
    """`old`, `new` or `neither`: by the cells of the first slot, and the firmware's own version."""
    confirmed: bool
    """By the cells: what runs is not on trial."""
    counters: tuple[int, ...]
    """The security counter, as often as somebody looked."""
    locks: tuple[tuple[bool, bool], ...]
    """Whether an image was on trial, and whether the lock said so."""
    doses: tuple[Look, ...]
    """Before and after it."""
    plans: tuple[bytes | None, ...]
    """Hash of the prescription in force, before and after it."""
    paired_anew: bool
    lock_words: tuple[str, ...] = ()
    """Why no session can be begun, in the end."""


@dataclass(frozen=True)
class Evidence:
    """All that is known of a cell at its end."""

    looks: tuple[Look, ...]
    crashes: int
    prescribed: int
    sessions: tuple[int, ...]
    """Pulses charged in each session."""
    at_band: Records
    at_phone: Records
    at_clinic: Records
    phone_held_before: Records
    told: tuple[Said, ...]
    disturbed: bool
    """The person had to wait or to do something that a usual day doesn't ask."""
    screens: tuple[Screen, ...]
    recovered_ms: int | None
    rests: bool
    end: str
    state: str
    stops_ms: tuple[int, ...] = ()
    """How long after each touch of STOP the last pulse came; 0 for none."""
    struck: bool = True
    errors: tuple[str, ...] = field(default=())
    update: UpdateSeen | None = None


def look(stage: Stage) -> Look:
    """Compare what the coil fired with what the flash says is charged."""
    account = Account()
    for line in flash_lines(stage):
        account.take(line)
    return Look(stage.board.coil.fired_total, account.total)


def flash_lines(stage: Stage) -> list[Line]:
    """The ledger as bytes in flash, the oldest first."""
    return sorted(lines_in(stage.board.flash.chip.read(LOG)), key=lambda line: line.number)


def charged_by_session(lines: list[Line]) -> tuple[int, ...]:
    """What the records between two openings charge."""
    sessions, account = [], None
    for line in lines:
        if line.type == RecordType.SESSION_OPENED:
            if account is not None:
                sessions.append(account.total)
            account = Account()
        if account is not None:
            account.take(line)
    return (*sessions, account.total) if account is not None else tuple(sessions)


def at_phone(stage: Stage) -> Records:
    """The records in the phone's store."""
    context = stage.phone.context
    epoch = None if context is None or context.ledger is None else context.ledger.epoch
    if context is None or epoch is None:
        return {}
    return dict(enumerate(context.store.records.read(epoch), start=1))


def at_clinic(stage: Stage) -> Records:
    """The records that the clinic has accepted."""
    accepted = stage.server.accepted.items()
    return {
        int(name.rsplit("/", 1)[1]): body for name, (kind, body) in accepted if kind == "record"
    }


def at_band(stage: Stage) -> Records:
    """The records that lie in flash."""
    return {line.number: line.data for line in flash_lines(stage)}
