"""A session as the person goes through it: get ready, START, pause, go on, end here, afterwards."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from firmware_bridge.link import CommandUncertain, DeviceRefused, LinkError
from mobile.engine import softer
from mobile.engine.context import Context
from mobile.engine.places.after import draft_of
from mobile.engine.plans import Plan
from mobile.engine.screens import Sitting, Today
from mobile.engine.session import LEARN_LIMIT_MS, SessionRun, prepare_arm
from mobile.engine.tending import Tending
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
from mobile.presenters.after import AfterFacts
from shared.dose.make_up import pulses_left
from shared.wire.operations import Outcome, OutcomeResult
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState, Status

log = logging.getLogger(__name__)

WINDOW_MS = 30_000


class Treating:
    """The session's flow and its buttons."""

    def __init__(
        self,
        context: Context,
        tending: Tending,
        open_place: Callable[[str, Mapping[str, Any]], None],
    ) -> None:
        self._context = context
        self._tending = tending
        self._open_place = open_place

    async def get_ready(self, *, soften_to: int | None = None, make_up: bool = False) -> None:
        """Arm, softer where it was wished for, then follow the session to its end; with
        ``make_up`` it's the rest of the last one."""
        context = self._context
        try:
            run = await self._arm(make_up=make_up)
        except KNOWN as problem:
            context.go(Today())
            context.say(_("Not yet"), sentence_of(problem))
            self._tending.wake()
            return
        context.notice = context.session_word = None
        context.session = run
        context.go(Sitting())
        await self._begin_softer(soften_to)
        try:
            outcome = await run.run()
        finally:
            context.session = None
            context.lost_wall_ms = None
        await self._after(run, outcome)

    async def _begin_softer(self, percent_mso: int | None) -> None:
        softer.forget_wish(self._context.store)
        if percent_mso is not None:
            await self._press(self._context.stimulator.soften(percent_mso), "softer")

    async def _arm(self, *, make_up: bool) -> SessionRun:
        context = self._context
        async with context.band_lock:
            context.require_status()
            plan = self._plan()
            arming = await prepare_arm(
                context.stimulator,
                context.require_enrolment(),
                plan.hash,
                context.app_key,
                make_up=make_up,
            )
            run = SessionRun(
                context.connection,
                context.stimulator,
                context.store,
                context.instants,
                arming,
                plan,
                planned_pulses=self._planned_pulses(plan, make_up=make_up),
                number=sessions_done(context) + (0 if make_up else 1),
            )
            await run.arm(context.require_enrolment(), context.app_key.public_key)
            context.last_arm = arming
        return run

    def _planned_pulses(self, plan: Plan, *, make_up: bool) -> int:
        """Return how many pulses the band is asked for: a session's, or what is left of one."""
        ledger = self._context.ledger
        last = None if ledger is None else ledger.state.last_session
        if make_up and last is not None:
            return pulses_left(plan.prescription, last)
        return plan.prescription.pulses_per_session

    def _plan(self) -> Plan:
        plan = self._context.plan
        if plan is None:
            raise LinkError(_("This phone doesn't hold the plan that is on the band yet."))
        return plan

    async def _after(self, run: SessionRun, outcome: OutcomeResult) -> None:
        context = self._context
        if outcome.outcome in (Outcome.NOT_STARTED, Outcome.UNKNOWN):
            context.go(Today())
            context.say(
                _("The session didn't begin"), _("Nothing was given. Try again when you like.")
            )
        else:
            self._open_place("after", draft_of(self._facts(run, outcome), run.session_id))
        self._tending.wake()

    def _facts(self, run: SessionRun, outcome: OutcomeResult) -> AfterFacts:
        context = self._context
        return AfterFacts(
            now=context.now,
            session_number=run.number,
            charged_pulses=outcome.charged_pulses,
            planned_pulses=run.planned_pulses,
            completed=outcome.outcome is Outcome.COMPLETED,
            cause=_why_closed(context.status, outcome),
            ended_wall_ms=context.instants.wall_ms(),
        )

    # Buttons

    async def start(self) -> None:
        """START: open the half minute for the band's button, or start where none is needed."""
        context = self._context
        run = context.session
        if run is None:
            return
        if not run.plan.prescription.button_required:
            await self._press(context.stimulator.start(), "start")
            return
        if await self._press(context.stimulator.open_start_window(), "start window"):
            run.window_until_ms = context.clock.elapsed_ms() + WINDOW_MS

    async def button(self, name: str) -> None:
        """Pause, go on, end here, still here."""
        stimulator = self._context.stimulator
        commands = {
            "pause": stimulator.pause,
            "go-on": stimulator.resume,
            "end-here": stimulator.close,
            "still-here": stimulator.still_here,
            "repositioned": stimulator.repositioned,
        }
        command = commands.get(name)
        if command is not None:
            await self._press(command(), name)

    async def softer(self, name: str) -> None:
        """Softer is asked about once; then it's one step down, and never up again (R13)."""
        context, run = self._context, self._context.session
        percent = softer.present_percent(context)
        if run is None or percent is None:
            return
        run.softer_asked = name == "softer"
        if name == "softer-yes":
            await self._press(context.stimulator.soften(softer.softened(percent)), "softer")
        context.changed()

    async def stop(self) -> None:
        """STOP goes out before anything else; with the link lost, it goes first when it's back."""
        context = self._context
        context.stop_waits = True
        try:
            await context.stimulator.stop()
            context.stop_waits = False
        except LinkError as problem:
            log.warning("stop: %s", problem)
        if context.session is not None:
            context.session.event("stop")
        context.changed()

    async def _press(self, command: Awaitable[None], name: str) -> bool:
        context = self._context
        context.session_word = None
        try:
            await command
        except DeviceRefused as problem:
            context.session_word = sentence_of(problem)
            return False
        except CommandUncertain as uncertain:
            if not await self._turned_out_done(uncertain):
                return False
        except LinkError as problem:
            context.session_word = sentence_of(problem)
            return False
        finally:
            context.changed()
        if context.session is not None:
            context.session.event(name)
        return True

    async def _turned_out_done(self, uncertain: CommandUncertain) -> bool:
        """Say that nobody knows, then what the band says of it."""
        context = self._context
        context.session_word = sentence_of(uncertain)
        context.changed()
        learnt = await context.stimulator.learn(uncertain, LEARN_LIMIT_MS)
        context.session_word = None if learnt is None else sentence_of(learnt)
        return learnt is None


def sessions_done(context: Context) -> int:
    """Return how many sessions of the course this phone knows of, also those given in part."""
    return 0 if context.ledger is None else context.ledger.state.course.sessions


def _why_closed(status: Status | None, outcome: OutcomeResult) -> CloseCause | None:
    """Why the last session ended; a band that failed in it may not have been able to note it."""
    if status is None:
        return None
    if status.close_cause is not None:
        return CloseCause(status.close_cause)
    if status.state is DeviceState.FAULT:
        return CloseCause.FAULT
    # A band remembers the cause for as long as it runs: it has started anew since.
    return CloseCause.REBOOT if outcome.outcome is Outcome.PARTIAL else None
