"""The engine's middle: keeps the link, the rounds and the clockwork going, and takes touches.

Touches start flows (`touches`, `flows`); one flow at a time, each ends with a screen. STOP starts
nothing and waits for nothing: it goes out at once. The link is `link_keeping`'s.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from mobile.engine import sharing
from mobile.engine.arrival import Arrival
from mobile.engine.context import Context
from mobile.engine.flows import Flows
from mobile.engine.link_keeping import LinkKeeping
from mobile.engine.places import PLACES
from mobile.engine.places.consents import FirstConsents
from mobile.engine.places.place import Place, Ways
from mobile.engine.places.remembering import Remembering
from mobile.engine.screens import Comparing, Finding, Screen, Settling, Sitting, Today
from mobile.engine.tending import Tending
from mobile.engine.touches import Touches
from mobile.engine.treating import Treating
from mobile.presenters.actions import Action

_COUNTING_TICK_MS, _TICK_MS = 500, 15_000


class Day:
    """Owns the tasks of one enrolled or not yet enrolled phone."""

    def __init__(
        self, context: Context, tending: Tending, bluetooth_tried: Callable[[], Awaitable[None]]
    ) -> None:
        self._context = context
        self._tending = tending
        self._remembering = Remembering(context.store)
        self._flows = flows = Flows(context, self._remembering)
        arrival = Arrival(context, tending, self._ask_for_consent)
        treating = Treating(context, tending, self._open_place)
        self._ways = ways = Ways(
            context, tending, treating, flows.spawn, flows.begin, PLACES, self._remembering.keep
        )
        self._link = LinkKeeping(context, flows, tending, treating, ways, bluetooth_tried)
        self._touches = Touches(
            context,
            flows,
            arrival,
            treating,
            ways,
            self._remembering,
            self._link.look,
            bluetooth_tried,
        )

    async def run(self) -> None:
        """Live until cancelled."""
        context = self._context
        self._link.begin()
        if context.enrolment is not None and context.band_address is None:
            self._ask_for_consent()
        self._come_back()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._flows.tasks = tasks
                tasks.create_task(self._link.keep())
                tasks.create_task(self._tending.run())
                tasks.create_task(self._tick())
        finally:
            self._flows.tasks = None
            await self._link.end()

    def act(self, action: Action) -> None:
        """Take a touch."""
        self._touches.act(action)

    def _ask_for_consent(self) -> None:
        """What is shared comes before the band, and before anything goes out."""
        if sharing.was_asked(self._context.store):
            self._context.go(Finding())
        else:
            self._ways.open_first(FirstConsents.name, {})

    def _come_back(self) -> None:
        """After a restart, go to where the person was; a session under way shows itself."""
        recalled = self._remembering.recalled()
        here = self._context.screen
        if recalled is None or not self._ways.knows(recalled[0]):
            return
        name, draft = recalled
        if isinstance(here, Today) or (isinstance(here, FirstConsents) and name == here.name):
            self._ways.open_first(name, draft)

    def _open_place(self, name: str, draft: Mapping[str, Any]) -> None:
        """Show a place that a flow leads to, with nothing behind it."""
        self._ways.open_first(name, draft)

    async def _tick(self) -> None:
        """What a screen counts down is counted; between sessions once in a while."""
        while True:
            screen, context = self._context.screen, self._context
            context.gone.clear()
            with suppress(TimeoutError):
                limit_ms = _COUNTING_TICK_MS if _counts(screen) else _TICK_MS
                await context.clock.wait_for(context.gone.wait(), limit_ms)
            context.changed()


def _counts(screen: Screen | Place) -> bool:
    if isinstance(screen, Place):
        return screen.is_counting
    if isinstance(screen, Finding | Comparing | Settling):
        return screen.until_ms is not None
    return isinstance(screen, Sitting)
