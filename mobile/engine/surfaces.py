"""Keeps in step what the phone shows outside the app: the notification with STOP, a hidden window.

STOP is among the notifications, and over a locked screen, from arming to the end of a session.
"""

from __future__ import annotations

import asyncio
import logging

from mobile.engine.context import Context
from mobile.engine.silent_band import is_in_session
from mobile.language import _
from mobile.platform import NoticeNotShown
from mobile.platform.notices import Words
from shared.wire.status import DeviceState

log = logging.getLogger(__name__)


class Surfaces:
    """Looks at each change. The words say nothing clinical, and nothing that a lost link makes
    untrue."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._changed = asyncio.Event()
        self._changed.set()
        self._shown: Words | None = None
        self._hidden: bool | None = None

    def look(self) -> None:
        """Something has changed."""
        self._changed.set()

    async def run(self) -> None:
        """Live until cancelled; then take the notification away."""
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._show(self._words())
                await self._hide()
        finally:
            await self._show(None)

    def _words(self) -> Words | None:
        context = self._context
        status = context.status
        if status is None or not is_in_session(context):
            return None
        if not context.is_linked:
            return Words("Circlet", _("Out of touch. To stop now, press the button on the band."))
        if status.state is DeviceState.PAUSED:
            return Words("Circlet", _("Paused. Nothing comes before you go on."))
        return Words("Circlet", _("Running. STOP ends it at once."))

    async def _show(self, words: Words | None) -> None:
        if words == self._shown:
            return
        self._shown = words
        standing = self._context.phone.standing
        try:
            if words is None:
                await standing.end()
            else:
                await standing.show(words, _("STOP"))
        except NoticeNotShown as problem:
            log.info("%s", problem)

    async def _hide(self) -> None:
        hidden = self._context.preferences.hidden
        if hidden != self._hidden:
            self._hidden = hidden
            await self._context.phone.privacy.hide(hidden=hidden)
