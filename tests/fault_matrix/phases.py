"""The phases of a day with the band, and how a person comes to the middle of each.

`reach` returns once the phase has been reached, and calls `strike` in the very moment: while the
answer to a command hasn't left yet, between two pulses, as the first record leaves the band.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from smp.header import OP, CommandId, GroupId, Header

from firmware_bridge.emulator.firmware.trial import CONFIRM_AFTER_MS
from firmware_bridge.emulator.update.slots import SCRATCH, SECOND
from firmware_bridge.link import LinkState
from mobile.presenters.actions import Press
from mobile.presenters.views import PairView, ReadyView, SessionView, View
from shared.wire.operations import Operation
from tests.fault_matrix.patient import Patient
from tests.fault_matrix.preparing import Before
from tests.fault_matrix.stage import Stage
from tests.fault_matrix.technician import LOOKS_EVERY_MS, on_trial

REACH_LIMIT_S = 600
UPLOADS_BEFORE = 3
PULSES_BEFORE = 45
"""The train's fault strikes inside the second train of 30."""
TRAINS_BEFORE_PAUSE = 2

Strike = Callable[[], None]


class NotReached(Exception):
    """The phase didn't come about, so nothing can be said of it."""


@dataclass(frozen=True)
class Phase:
    """A part of the day."""

    name: str
    meaning: str
    before: Before
    reach: Callable[[Stage, Patient, Strike], Awaitable[None]]
    ends_here: bool = False
    """The person ends a session that pauses, and doesn't go on with it."""
    gives_pulses: bool = False
    """Pulses come in this phase, or by what the person does next in it."""
    updates: bool = False
    """A firmware update is under way; a session follows it."""
    instead: Mapping[str, Callable[[Stage], None]] = field(default_factory=dict)
    """Faults that this moment meets in another place than the table says."""


class _Moment:
    """The moment of the strike, whichever event brings it; it comes once."""

    def __init__(self, strike: Strike) -> None:
        self._strike = strike
        self.come = False

    def __call__(self) -> None:
        if not self.come:
            self.come = True
            self._strike()


async def _follow_to(patient: Patient, moment: _Moment) -> None:
    """Do as the app says until the moment has come."""
    if not await patient.follow(lambda view: moment.come, within_s=REACH_LIMIT_S):
        raise NotReached(f"the app stands at {patient.stage.phone.view}")


def _at_view(until: Callable[[View], bool]) -> Callable[[Stage, Patient, Strike], Awaitable[None]]:
    async def reach(stage: Stage, patient: Patient, strike: Strike) -> None:
        moment = _Moment(strike)

        def seen(view: View) -> None:
            if until(view):
                moment()

        stage.phone.on_view = seen
        stage.phone.begin()
        await _follow_to(patient, moment)

    return reach


def _at_request(operation: Operation) -> Callable[[Stage, Patient, Strike], Awaitable[None]]:
    async def reach(stage: Stage, patient: Patient, strike: Strike) -> None:
        moment = _Moment(strike)

        def heard(heard_operation: Operation) -> None:
            if heard_operation is operation:
                moment()

        stage.overheard.on_request = heard
        stage.phone.begin()
        await _follow_to(patient, moment)

    return reach


def _at_link(state: LinkState) -> Callable[[Stage, Patient, Strike], Awaitable[None]]:
    async def reach(stage: Stage, patient: Patient, strike: Strike) -> None:
        moment = _Moment(strike)

        def changed(now: LinkState) -> None:
            if now is state:
                moment()

        stage.phone.begin()
        await stage.phone.opened()
        stage.phone.life.context.connection.watch(changed)
        await _follow_to(patient, moment)

    return reach


async def _at_records(stage: Stage, patient: Patient, strike: Strike) -> None:
    moment = _Moment(strike)
    stage.overheard.on_records = moment
    stage.phone.begin()
    await _follow_to(patient, moment)


async def _at_a_pulse(stage: Stage, patient: Patient, strike: Strike) -> None:
    """Between two pulses: the strike comes as soon as the firmware has done what was due."""
    moment = _Moment(strike)

    def fired() -> None:
        if len(stage.pulse_times_ms) == PULSES_BEFORE:
            asyncio.get_running_loop().call_soon(moment)

    stage.on_pulse = fired
    stage.phone.begin()
    await _follow_to(patient, moment)


async def _at_pause(stage: Stage, patient: Patient, strike: Strike) -> None:
    await _sit_then_pause(stage, patient)
    moment = _Moment(strike)
    await stage.phone.see(SessionView, lambda view: view.paused)
    moment()


async def _at_close(stage: Stage, patient: Patient, strike: Strike) -> None:
    moment = _Moment(strike)

    def heard(operation: Operation) -> None:
        if operation is Operation.CLOSE:
            moment()

    stage.overheard.on_request = heard
    await _sit_then_pause(stage, patient)
    await _follow_to(patient, moment)


def _at_managed(
    is_it: Callable[[Header], bool], nth: int = 1
) -> Callable[[Stage, Patient, Strike], Awaitable[None]]:
    """As the n-th such request of an update has arrived, before the band looks at it."""

    async def reach(stage: Stage, patient: Patient, strike: Strike) -> None:
        moment, seen = _Moment(strike), 0

        def heard(header: Header) -> None:
            nonlocal seen
            seen += is_it(header)
            if seen == nth:
                moment()

        stage.overheard.on_managed = heard
        stage.phone.begin()
        await _follow_to(patient, moment)

    return reach


async def _at_swap(stage: Stage, patient: Patient, strike: Strike) -> None:
    """In the bootloader, as the first piece of an image is about to be moved."""
    moment = _Moment(strike)

    def written(area: str) -> None:
        if area == SCRATCH:
            moment()

    stage.on_flash = written
    stage.phone.begin()
    await _follow_to(patient, moment)


async def _at_trial(stage: Stage, patient: Patient, strike: Strike) -> None:
    """The new firmware runs, and is half-way to testing itself."""
    moment = _Moment(strike)

    async def wait_for_it() -> None:
        while not on_trial(stage) or _boot_age_ms(stage) < CONFIRM_AFTER_MS // 2:
            await stage.clock.sleep_ms(LOOKS_EVERY_MS)
        moment()

    stage.phone.begin()
    waiting = asyncio.create_task(wait_for_it())
    try:
        await _follow_to(patient, moment)
    finally:
        waiting.cancel()


def _boot_age_ms(stage: Stage) -> int:
    return stage.life.elapsed_ms() - stage.life.boots[-1].at_ms


def _is_upload(header: Header) -> bool:
    group, command = GroupId.IMAGE_MANAGEMENT, CommandId.ImageManagement.UPLOAD
    return (header.op, header.group_id, header.command_id) == (OP.WRITE, group, command)


def _is_reset(header: Header) -> bool:
    group, command = GroupId.OS_MANAGEMENT, CommandId.OSManagement.RESET
    return (header.op, header.group_id, header.command_id) == (OP.WRITE, group, command)


def _spoil(area: str, block: int) -> Callable[[Stage], None]:
    return lambda stage: stage.board.flash.chip.spoil(area, block)


async def _sit_then_pause(stage: Stage, patient: Patient) -> None:
    stage.phone.begin()
    await patient.follow(_has_begun, within_s=REACH_LIMIT_S)
    await stage.phone.see(SessionView, lambda view: view.trains_done >= TRAINS_BEFORE_PAUSE)
    stage.phone.act(Press("pause"))


def _has_begun(view: View) -> bool:
    return isinstance(view, SessionView)


def _shows_number(view: View) -> bool:
    return isinstance(view, PairView) and view.number is not None


def _waits_for_button(view: View) -> bool:
    return isinstance(view, ReadyView) and view.waiting is not None


PHASES = (
    Phase(
        "scan",
        "the phone listens for a band that is ready to pair",
        Before.ENROLLED,
        _at_link(LinkState.SEARCHING),
    ),
    Phase(
        "pair",
        "the number stands on phone and band",
        Before.ENROLLED,
        _at_view(_shows_number),
    ),
    Phase(
        "secure",
        "a bonded phone has connected, the link is encrypted",
        Before.READY,
        _at_link(LinkState.SECURING),
    ),
    Phase(
        "sync",
        "the phone reads what the band says of itself",
        Before.READY,
        _at_link(LinkState.SYNCING),
    ),
    Phase(
        "transfer",
        "the first record of a session leaves the band",
        Before.UNREAD,
        _at_records,
    ),
    Phase(
        "arm",
        "the arm request has reached the band, its answer hasn't left",
        Before.READY,
        _at_request(Operation.ARM),
        gives_pulses=True,
    ),
    Phase(
        "start",
        "START was touched, the band waits for its button",
        Before.READY,
        _at_view(_waits_for_button),
        gives_pulses=True,
    ),
    Phase(
        "train",
        f"after pulse {PULSES_BEFORE}, inside the second train",
        Before.READY,
        _at_a_pulse,
        gives_pulses=True,
    ),
    Phase(
        "pause",
        "the person has paused the session, and will go on",
        Before.READY,
        _at_pause,
        gives_pulses=True,
    ),
    Phase(
        "close",
        "the request to end the session has reached the band, its answer hasn't left",
        Before.READY,
        _at_close,
        ends_here=True,
    ),
    Phase(
        "update, sending",
        f"request {UPLOADS_BEFORE} of the upload has reached the band",
        Before.READY,
        _at_managed(_is_upload, UPLOADS_BEFORE),
        gives_pulses=True,
        updates=True,
        instead={"bad flash block": _spoil(SECOND, 1)},
    ),
    Phase(
        "update, marked",
        "the image is marked for its trial; the request to restart has reached the band",
        Before.READY,
        _at_managed(_is_reset),
        gives_pulses=True,
        updates=True,
    ),
    Phase(
        "update, swap",
        "the band has restarted, its bootloader is about to move the first block",
        Before.READY,
        _at_swap,
        gives_pulses=True,
        updates=True,
        instead={"bad flash block": _spoil(SCRATCH, 0)},
    ),
    Phase(
        "update, trial",
        "the new firmware runs, and is half-way to testing itself",
        Before.READY,
        _at_trial,
        gives_pulses=True,
        updates=True,
    ),
)
