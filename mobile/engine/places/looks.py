"""Who looked at the person's data: asked of the clinic when the person wants to know."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine import close_by
from mobile.engine.places.place import Draft, Place
from mobile.presenters import looks
from mobile.presenters.looks import LooksFacts
from mobile.presenters.views import View
from mobile.presenters.words import Now
from mobile.sync import SyncError
from mobile.sync.answers import Look


class WhoLooked(Place):
    """The list, which is kept nowhere: it's the clinic's."""

    name: ClassVar[str] = "who-looked"

    def recall(self, draft: Draft) -> None:
        """Begin without a list."""
        self.looks: tuple[Look, ...] | None = None

    def view(self) -> View:
        """Return the page."""
        context = self.context
        now = Now(context.instants.wall_ms(), context.zone)
        close = close_by.names(context)
        return looks.looks_page(LooksFacts(now, context.card.clinic_name, self.looks, close))

    def press(self, button: str) -> None:
        """Ask the clinic."""
        if button == "look":
            self.ways.begin(self._ask())
        else:
            super().press(button)

    async def _ask(self) -> None:
        try:
            self.looks = await self.context.ingest.looks()
        except SyncError:
            notice = looks.cannot_ask_now()
            self.context.say(notice.title, notice.body, notice.tone)
        self.context.changed()
