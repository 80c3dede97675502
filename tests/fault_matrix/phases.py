"""The phases of a day with the band, and how a person comes to the middle of each.

`reach` returns once the phase has been reached, and calls `strike` in the very moment: while the
answer to a command hasn't left yet, between two pulses, as the first record leaves the band.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from firmware_bridge.link import LinkState
from mobile.presenters.actions import Press
from mobile.presenters.views import PairView, ReadyView, SessionView, View
from shared.wire.operations import Operation
from tests.fault_matrix.patient import Patient
from tests.fault_matrix.preparing import Before
from tests.fault_matrix.stage import Stage

REACH_LIMIT_S = 600
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
)
