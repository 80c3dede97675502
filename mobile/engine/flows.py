"""What touches and the link start: one flow at a time, and work beside it. What fails is said."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from mobile.engine.context import Context
from mobile.engine.places.remembering import Remembering
from mobile.engine.screens import Sitting
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _

log = logging.getLogger(__name__)


class Flows:
    """Belongs to one day; ``tasks`` is there for as long as the day runs."""

    def __init__(self, context: Context, remembering: Remembering) -> None:
        self._context = context
        self._remembering = remembering
        self.tasks: asyncio.TaskGroup | None = None
        self._flow: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a flow is under way."""
        return self._flow is not None and not self._flow.done()

    def begin(self, flow: Coroutine[Any, Any, None]) -> None:
        """Start a flow, unless one is under way: then the touch came twice."""
        if self.is_busy:
            flow.close()
            return
        self._flow = self.spawn(flow)

    async def end(self) -> None:
        """Cancel the flow that is under way, and wait for its end."""
        if self._flow is not None:
            self._flow.cancel()
            await asyncio.wait([self._flow])

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        """Run beside everything for as long as the day runs."""
        if self.tasks is None:
            work.close()
            return None
        return self.tasks.create_task(self._said(work))

    async def _said(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it; what fails is said, and the rest of the day goes on."""
        try:
            await work
        except Exception as problem:
            self.say_what_failed(problem)
        # A flow may have led elsewhere: a restart is to find that.
        self._remembering.note(self._context.screen)

    def say_what_failed(self, problem: Exception) -> None:
        """No touch ends in silence, and no fault of ours takes beat, STOP and link with it."""
        title, body = _("The app made a mistake"), _("It's noted. The band isn't affected.")
        known = isinstance(problem, KNOWN)
        log.error("%s", problem, exc_info=None if known else problem)
        if known:
            title, body = _("That didn't work"), sentence_of(problem)
        if isinstance(self._context.screen, Sitting):
            self._context.session_word = body if known else f"{title}. {body}"
        self._context.say(title, body)
