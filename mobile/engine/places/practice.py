"""Practice at the band, without a pulse (R30): ends when the band says that it has.

Where the band can't be asked the person may leave all the same: it gives no pulse, and it hears
STOP when the link is back, or ends the practice by itself.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from firmware_bridge.link import LinkState
from mobile.engine.places.place import Draft, Place
from mobile.engine.words import KNOWN, sentence_of
from mobile.presenters import practice as pages
from mobile.presenters.views import View
from shared.wire.status import DeviceState, Status

LIMIT_MS = 11 * 60_000
"""The band ends a practice by itself after ten minutes; then nobody need say so any more."""
BEFORE, ASKING, RUNNING, ENOUGH, STOPPED = "before", "asking", "running", "enough", "stopped"


class Practice(Place):
    """Before, while, and after. A killed app comes back to before; the band ends it by itself."""

    name: ClassVar[str] = "practice"

    def recall(self, draft: Draft) -> None:
        """Nothing of a practice outlasts the app."""
        self.phase = BEFORE
        self.problem: str | None = None
        self._enough = False
        self._begun_ms = 0
        self._ended = asyncio.Event()
        self._was_seen = False
        self._unheard = False

    @property
    def is_counting(self) -> bool:
        """The ring runs."""
        return self.phase in (RUNNING, ENOUGH)

    def view(self) -> View:
        """Return what stands there now."""
        if self.phase in (BEFORE, ASKING):
            return pages.before_page(problem=self.problem, busy=self.phase == ASKING)
        if self.phase == STOPPED:
            return pages.stopped_page(by_stop=not self._enough)
        since_ms = self.context.clock.elapsed_ms() - self._begun_ms
        return pages.running_view(
            pages.PracticeFacts(
                since_ms, self.context.is_linked, self.context.stop_waits, self._may_leave
            )
        )

    @property
    def _may_leave(self) -> bool:
        return not self.context.is_linked or self._unheard

    def press(self, button: str) -> None:
        """Begin, have enough, once more."""
        if button == "begin" and self.phase == BEFORE:
            self.ways.begin(self._practise())
        elif button == "end-practice" and self.phase == RUNNING:
            self.phase, self._enough = ENOUGH, True
            self.ways.spawn(self._have_enough())
        elif button == "leave" and self.is_counting and self._may_leave:
            self.ways.spawn(self.ways.treating.stop())
            self._ended.set()
            self.ways.home()
        elif button == "again":
            self.phase, self.problem = BEFORE, None
        elif not self.is_counting:
            super().press(button)

    async def _practise(self) -> None:
        context = self.context
        self.phase, self.problem, self._enough = ASKING, None, False
        self._was_seen = self._unheard = False
        self._ended.clear()
        leave = context.connection.watch_status(self._heard)
        leave_link = context.connection.watch(self._link_changed)
        try:
            async with context.band_lock:
                context.require_status()
                await context.stimulator.practice()
            self.phase, self._begun_ms = RUNNING, context.clock.elapsed_ms()
            context.changed()
            await context.clock.wait_for(self._ended.wait(), LIMIT_MS)
        except KNOWN as problem:
            self.phase, self.problem = BEFORE, sentence_of(problem)
        except TimeoutError:
            self.phase = STOPPED
        else:
            self.phase = STOPPED
        finally:
            leave()
            leave_link()
            context.changed()

    async def _have_enough(self) -> None:
        try:
            await self.context.stimulator.close()
        except KNOWN:
            self._unheard = True
            self.context.changed()

    def _link_changed(self, state: LinkState) -> None:
        """What the band said while it was away wasn't heard: its next word holds."""
        if state is LinkState.LOST and self.is_counting:
            self._was_seen = True

    def _heard(self, status: Status) -> None:
        """Over is what the band says is over, and nothing else."""
        if status.state is DeviceState.PRACTICE:
            self._was_seen = True
        elif self._was_seen:
            self._ended.set()
