"""Gives the session's cues: a sound and a vibration for what the screen says at the same moment.

Only what the band has said is cued: with the link lost there's nothing to tell of.
"""

from __future__ import annotations

import asyncio

from mobile.engine.context import Context
from mobile.platform.cues import Cue
from shared.dose.prescription import Prescription
from shared.wire.records import CloseCause
from shared.wire.status import DeviceState, Status

LONG_BREAK_MS = 15_000
"""Shorter breaks have no cues of their own: they would be one unending beep."""
AHEAD_MS = 3_000
_OPEN = {DeviceState.STIMULATING, DeviceState.REPOSITIONING, DeviceState.CLOSING}


def cue_between(before: Status | None, after: Status) -> Cue | None:
    """Return what has happened between two words of the band, the most urgent first."""
    if before is None:
        return None
    if after.still_here_due_ms is not None and before.still_here_due_ms is None:
        return Cue.STILL_HERE
    if after.state is DeviceState.PAUSED and before.state in _OPEN:
        return Cue.STOPPED
    if after.state is DeviceState.IDLE and before.state in _OPEN:
        return Cue.DONE if after.close_cause == CloseCause.COMPLETED else Cue.STOPPED
    if before.firing and not after.firing and after.state is DeviceState.STIMULATING:
        return Cue.BREAK
    return None


def break_ms(prescription: Prescription | None, status: Status) -> int:
    """Return how long the break after a train of the present part lasts; 0 where unknown."""
    if prescription is None:
        return 0
    place = min(status.part or 0, len(prescription.parts) - 1)
    return prescription.parts[place].interval_ms


class Cueing:
    """Compares each word of the band with the last one; foretells the next train by the plan."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._changed = asyncio.Event()
        self._last: Status | None = None
        self._soon_at_ms: int | None = None

    def look(self) -> None:
        """Something has changed."""
        self._changed.set()

    async def run(self) -> None:
        """Live until cancelled."""
        while True:
            await self._until_change()
            self._changed.clear()
            await self._compare()

    async def _until_change(self) -> None:
        clock = self._context.clock
        if self._soon_at_ms is None:
            await self._changed.wait()
            return
        left_ms = self._soon_at_ms - clock.elapsed_ms()
        try:
            await clock.wait_for(self._changed.wait(), max(1, left_ms))
        except TimeoutError:
            return

    async def _compare(self) -> None:
        context = self._context
        status = context.status if context.is_linked else None
        if status is None:
            self._last = self._soon_at_ms = None
            return
        cue = cue_between(self._last, status)
        self._last = status
        if status.state is not DeviceState.STIMULATING or status.firing:
            self._soon_at_ms = None
        if cue is Cue.BREAK:
            cue = self._begin_break(status)
        elif cue is None and self._soon_at_ms is not None:
            cue = self._soon()
        if cue is not None:
            wanted = context.preferences
            await context.phone.cues.give(cue, sound=wanted.sound, vibration=wanted.vibration)

    def _begin_break(self, status: Status) -> Cue | None:
        """A long break is cued, and the train after it foretold."""
        plan = self._context.plan
        lasts_ms = break_ms(None if plan is None else plan.prescription, status)
        if lasts_ms < LONG_BREAK_MS:
            return None
        self._soon_at_ms = self._context.clock.elapsed_ms() + lasts_ms - AHEAD_MS
        return Cue.BREAK

    def _soon(self) -> Cue | None:
        assert self._soon_at_ms is not None
        if self._context.clock.elapsed_ms() < self._soon_at_ms:
            return None
        self._soon_at_ms = None
        return Cue.TRAIN_SOON
