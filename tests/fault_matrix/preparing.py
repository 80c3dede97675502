"""Where phases begin from: what a day before has left in the folders of band, phone and clinic.

Made once, copied for each cell.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path

from firmware_bridge.emulator.profile.figures import Profile
from mobile.presenters.views import PairView, SessionView, TodayView
from shared.wire.operations import Operation
from tests.fault_matrix.patient import Patient
from tests.fault_matrix.simulated_time import run_simulated
from tests.fault_matrix.stage import TRAINS, Belongings, Stage, staged

DAY_LIMIT_S = 3_600


class Before(StrEnum):
    """What has happened before a phase."""

    ENROLLED = "enrolled"
    """The phone knows the clinic; the band is new."""
    READY = "ready"
    """Band, phone and clinic are one; the plan is on the band."""
    UNREAD = "unread"
    """A session was given, and the phone died before it had fetched the record."""


def prepare(folder: Path, profile: Profile, until: Before) -> dict[Before, Belongings]:
    """Live through the days before, up to this one."""
    prepared: dict[Before, Belongings] = {}
    before: Belongings | None = None
    for name, live in _DAYS.items():
        place = folder / name
        belongings = Belongings.new(place) if before is None else before.copied(place)
        run_simulated(_lived(belongings, profile, live))
        prepared[name] = before = belongings
        if name is until:
            break
    return prepared


async def _lived(
    belongings: Belongings, profile: Profile, live: Callable[[Stage], Awaitable[None]]
) -> None:
    async with staged(belongings, profile) as stage:
        stage.phone.begin()
        await live(stage)


async def _enrol(stage: Stage) -> None:
    stage.prescribe()
    await _follow(stage, lambda view: isinstance(view, PairView))


async def _pair(stage: Stage) -> None:
    await _follow(stage, lambda view: isinstance(view, TodayView) and view.button is not None)


async def _sit(stage: Stage) -> None:
    """A whole session; when the phone asks what became of it, it dies."""
    await _follow(
        stage, lambda view: isinstance(view, SessionView) and view.trains_done == TRAINS - 1
    )

    def die(operation: Operation) -> None:
        if operation is Operation.SESSION_OUTCOME:
            stage.phone.kill()

    stage.overheard.on_request = die
    await stage.phone.ended()


async def _follow(stage: Stage, until: Callable[[object], bool]) -> None:
    if not await Patient(stage).follow(until, within_s=DAY_LIMIT_S):
        raise AssertionError(f"the day before stands at {stage.phone.view}")


_DAYS: dict[Before, Callable[[Stage], Awaitable[None]]] = {
    Before.ENROLLED: _enrol,
    Before.READY: _pair,
    Before.UNREAD: _sit,
}
