"""Practice at the band, without a pulse (R30): ends when the band says that it has."""

from __future__ import annotations

import asyncio
from typing import ClassVar

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
            pages.PracticeFacts(since_ms, self.context.is_linked, self.context.stop_waits)
        )

    def press(self, button: str) -> None:
        """Begin, have enough, once more."""
        if button == "begin" and self.phase == BEFORE:
            self.ways.begin(self._practise())
        elif button == "end-practice" and self.phase == RUNNING:
            self.phase, self._enough = ENOUGH, True
            self.ways.spawn(self.context.stimulator.close())
        elif button == "again":
            self.phase, self.problem = BEFORE, None
        elif not self.is_counting:
            super().press(button)

    async def _practise(self) -> None:
        context = self.context
        self.phase, self.problem, self._enough = ASKING, None, False
        self._was_seen = False
        self._ended.clear()
        leave = context.connection.watch_status(self._heard)
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
            context.changed()

    def _heard(self, status: Status) -> None:
        """Over is what the band says is over, and nothing else."""
        if status.state is DeviceState.PRACTICE:
            self._was_seen = True
        elif self._was_seen:
            self._ended.set()
