"""One cell: a phase is reached, the fault strikes, ends, and a person goes on with the day.

What the person does is what the app says. At the end band, phone and clinic are read, each by
itself. Not for the verdict.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from firmware_bridge.emulator.boots import Cause
from firmware_bridge.emulator.profile.figures import Profile
from mobile.engine import DriveRefused
from mobile.presenters.actions import Stop
from mobile.presenters.views import PairView, SessionView, TodayView, View
from shared.wire.status import DeviceState
from tests.fault_matrix import evidence as read
from tests.fault_matrix.evidence import Evidence, Records
from tests.fault_matrix.ills import STAYS_S, Ill
from tests.fault_matrix.patient import Patient
from tests.fault_matrix.phases import Phase
from tests.fault_matrix.stage import Belongings, Stage, short_plan, staged
from tests.fault_matrix.technician import Technician
from tests.fault_matrix.watching import Onlooker, says_service, title_of

REST_LIMIT_S = 1_500
LOOKS_ON_MS = 3_000
DISTURBED_MS = 5_000
STOPS_AT_PULSE = range(8, 16)
REST_MS = 1_000
SETTLED_TRIES = 3
_RESTS = ("Resting time", "Needs service", "Paused by your clinic", "Finished")


@dataclass(frozen=True)
class Seen:
    """A cell's evidence, and what the page shows beside the verdict."""

    evidence: Evidence
    app: str
    device: str
    usual: frozenset[str]
    """Everything that was said; of a run without a fault this is what a usual day says."""


async def live_through(
    belongings: Belongings,
    profile: Profile,
    phase: Phase,
    ill: Ill | None,
    usual: Iterable[str] = (),
) -> Seen:
    """Run one cell; without a fault it's a usual day."""
    async with staged(belongings, profile) as stage:
        cell = _Cell(stage, phase, ill)
        await cell.run()
        return cell.seen(frozenset(usual))


class _Cell:
    def __init__(self, stage: Stage, phase: Phase, ill: Ill | None) -> None:
        self._stage, self._phase, self._ill = stage, phase, ill
        self._patient = _person(stage, phase)
        self._onlooker = Onlooker(stage)
        self._held_before: Records = {}
        self._stop_touched_ms: int | None = None
        self._rests = False
        self._end = ""

    async def run(self) -> None:
        """From the phase's beginning to the evening."""
        stage, onlooker = self._stage, self._onlooker
        stage.phone.also_on_view = onlooker.see
        await self._phase.reach(stage, self._patient, self._strike)
        looking = asyncio.create_task(onlooker.look_on())
        mending = asyncio.create_task(self._mend())
        try:
            self._rests = await self._patient.follow(self._is_rest, within_s=REST_LIMIT_S)
            self._end = _end_of(stage.phone.view)
            await self._settle()
        finally:
            onlooker.screen_ends()
            await self._patient.leave()
            for task in (looking, mending):
                task.cancel()
            await asyncio.gather(looking, mending, return_exceptions=True)

    def _strike(self) -> None:
        self._held_before = read.at_phone(self._stage)
        self._onlooker.struck()
        if self._ill is not None:
            self._place(self._ill)

    def _place(self, ill: Ill) -> None:
        instead = self._phase.instead.get(ill.name)
        if instead is None:
            self._stage.life.faults.set(ill.faults)
        else:
            instead(self._stage)

    async def _mend(self) -> None:
        ill = self._ill
        if ill is not None and 0 < ill.lasts_s < STAYS_S:
            await self._stage.clock.sleep_ms(round(ill.lasts_s * 1000))
            for name in ill.faults:
                self._stage.life.faults.take_back(name)
        self._onlooker.over()
        if self._phase.gives_pulses:
            await self._touch_stop()

    async def _touch_stop(self) -> None:
        """Once a train runs again after the fault: STOP, with most of it still to come."""
        while not (self._is_in_a_train() and self._pulses_of_the_train() in STOPS_AT_PULSE):
            await self._a_pulse()
        self._stop_touched_ms = self._stage.clock.elapsed_ms()
        self._stage.phone.act(Stop())

    def _is_in_a_train(self) -> bool:
        view = self._stage.phone.view
        running = self._stage.core.state is DeviceState.STIMULATING
        return running and isinstance(view, SessionView) and not (view.paused or view.link_lost)

    def _pulses_of_the_train(self) -> int:
        """How many pulses came since the last time that none came for a second."""
        times_ms = self._stage.pulse_times_ms
        after_rest = (n for n in range(len(times_ms) - 1, 0, -1) if _rest_before(times_ms, n))
        return len(times_ms) - next(after_rest, 0)

    async def _a_pulse(self) -> None:
        self._onlooker.pulsed.clear()
        await self._onlooker.pulsed.wait()

    def _is_rest(self, view: View) -> bool:
        """Nothing is left to do today, and the link holds."""
        if not self._patient.is_free:
            return False
        if self._onlooker.over_ms is None or not self._onlooker.in_step():
            return False
        if isinstance(view, PairView):
            return says_service(view)
        return isinstance(view, TodayView) and view.button is None and view.chip.text in _RESTS

    async def _settle(self) -> None:
        """Let phone and clinic have everything that the band has to give."""
        for _ in range(SETTLED_TRIES):
            await self._stage.clock.sleep_ms(LOOKS_ON_MS)
            with suppress(DriveRefused):
                await self._stage.phone.life.drive("sync", {})
            if read.at_clinic(self._stage) == read.at_band(self._stage):
                return

    # Evidence

    def seen(self, usual: frozenset[str]) -> Seen:
        """Gather what there is to see at the end."""
        stage, onlooker = self._stage, self._onlooker
        onlooker.looks.append(read.look(stage))
        said = self._patient.words
        told = said.beyond(usual) + onlooker.words.beyond(usual)
        lines = read.flash_lines(stage)
        app, device = onlooker.agreed_as or (self._end, stage.core.state.name)
        evidence = Evidence(
            looks=tuple(onlooker.looks),
            crashes=self._crashes(),
            prescribed=short_plan().pulses_per_session,
            sessions=read.charged_by_session(lines),
            at_band=read.at_band(stage),
            at_phone=read.at_phone(stage),
            at_clinic=read.at_clinic(stage),
            phone_held_before=self._held_before,
            told=told,
            disturbed=self._was_disturbed(),
            screens=tuple(onlooker.screens),
            recovered_ms=onlooker.recovered_ms,
            rests=self._rests,
            end=self._end,
            state=stage.core.state.name,
            stops_ms=self._stops_ms(),
            struck=self._struck(),
            errors=tuple(stage.errors),
            update=self._patient.update_seen(),
        )
        return Seen(evidence, app, device, frozenset({*said.said, *onlooker.words.said}))

    def _crashes(self) -> int:
        asked_for = (Cause.POWER_ON, Cause.RESTART)
        return sum(boot.cause not in asked_for for boot in self._stage.life.boots)

    def _struck(self) -> bool:
        """Whether nothing is left of a fault that happens once."""
        ill = self._ill
        if ill is None or ill.lasts_s > 0:
            return True
        return not ill.faults.keys() & self._stage.life.faults.standing().keys()

    def _was_disturbed(self) -> bool:
        recovered_ms, rest = self._onlooker.recovered_ms, self._end.partition(":")[0]
        waited = recovered_ms is None or recovered_ms > DISTURBED_MS
        if self._phase.updates:
            waited = self._patient.was_held_up
        return self._ill is not None and (waited or rest != "Resting time")

    def _stops_ms(self) -> tuple[int, ...]:
        touched_ms = self._stop_touched_ms
        if touched_ms is None:
            return ()
        later = [at - touched_ms for at in self._stage.pulse_times_ms if at > touched_ms]
        return (max((ms for ms in later if ms < 3_000), default=0),)


def _person(stage: Stage, phase: Phase) -> Patient:
    return Technician(stage) if phase.updates else Patient(stage, ends_here=phase.ends_here)


def _rest_before(times_ms: list[int], pulse: int) -> bool:
    return times_ms[pulse] - times_ms[pulse - 1] > REST_MS


def _end_of(view: View | None) -> str:
    return "Needs service: Call your clinic" if says_service(view) else title_of(view)
