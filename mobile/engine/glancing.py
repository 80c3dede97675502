"""Keeps the glance that the next start of the app shows at once in step with the day."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from mobile.engine.context import Context
from mobile.engine.reaching import reach_of
from mobile.engine.screens import Sitting
from mobile.engine.showing import day_facts
from mobile.engine.silent_band import is_in_session
from mobile.glance.leaves import Glance, Leaf
from mobile.glance.sealed import keep
from mobile.platform import KeyStoreError
from mobile.presenters.glance import FOREVER_MS, day_leaves, session_leaves
from mobile.presenters.help import help_view

log = logging.getLogger(__name__)

EVERY_MS = 30_000
"""The day is kept anew at most so often; what a start must not get wrong, at once (own figure)."""
_DAY, _SESSION, _LOCKED = "day", "session", "locked"


class Glancing:
    """Looks at each change; writes where something else is to be shown."""

    def __init__(self, context: Context, data: Path) -> None:
        self._context, self._data = context, data
        self._changed = asyncio.Event()
        self._changed.set()
        self._kind: str | None = None
        self._kept: Glance | None = None
        self._kept_at_ms = 0

    def look(self) -> None:
        """Something has changed."""
        self._changed.set()

    async def run(self) -> None:
        """Live until cancelled."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            kind = self._kind_now()
            if kind is not None and (kind != self._kind or self._is_time()):
                self._keep(kind)

    def _kind_now(self) -> str | None:
        context = self._context
        if context.enrolment is None:
            return None
        if isinstance(context.screen, Sitting) or is_in_session(context):
            return _SESSION
        return _DAY if context.first_page() is None else _LOCKED

    def _is_time(self) -> bool:
        return self._context.clock.elapsed_ms() - self._kept_at_ms >= EVERY_MS

    def _keep(self, kind: str) -> None:
        context = self._context
        self._kind, self._kept_at_ms = kind, context.clock.elapsed_ms()
        glance = Glance(
            context.appearance,
            context.zone_name,
            self._leaves(kind),
            help_view(context.require_enrolment().clinic_name, reach=reach_of(context)),
        )
        if glance == self._kept:
            return
        try:
            keep(self._data, context.keys, glance)
        except (OSError, KeyStoreError) as problem:
            # The next start is slower, and nothing else.
            log.warning("the glance isn't kept: %s", problem)
        else:
            self._kept = glance

    def _leaves(self, kind: str) -> tuple[Leaf, ...]:
        page = self._context.first_page()
        if kind == _SESSION:
            return session_leaves()
        if page is not None:
            return (Leaf(0, FOREVER_MS, page),)
        return day_leaves(day_facts(self._context))
