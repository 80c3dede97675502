"""Second, new and lost phones: which one leads, what has to be sent first, what never arrived."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine import missing
from mobile.engine.leading import take_the_lead
from mobile.engine.places.place import Place
from mobile.presenters import phones
from mobile.presenters.phones import LostFacts, PhonesFacts
from mobile.presenters.views import View
from mobile.sync import SyncError


class NewPhone(Place):
    """A second phone, or one in this one's place."""

    name: ClassVar[str] = "new-phone"

    def view(self) -> View:
        """Return the page."""
        context = self.context
        return phones.new_phone_page(
            PhonesFacts(
                card=context.card,
                leads=context.leads,
                near=context.is_linked,
                waiting=context.store.outbox.waiting(),
                reachable=context.reachable,
            )
        )

    def press(self, button: str) -> None:
        """Take the lead, or send what waits."""
        if button == "lead":
            self.ways.begin(take_the_lead(self.context))
        elif button == "send-all":
            self.ways.begin(self.ways.tending.exchange())
        else:
            super().press(button)


class LostPhone(Place):
    """What to do, and what is gone with it."""

    name: ClassVar[str] = "lost-phone"

    def view(self) -> View:
        """Return the page."""
        context = self.context
        return phones.lost_phone_page(
            LostFacts(
                card=context.card,
                is_further=missing.is_further_phone(context),
                missing=missing.missing_days(context),
                waiting=context.store.outbox.waiting(),
            )
        )

    def press(self, button: str) -> None:
        """Look what never arrived."""
        if button == "look":
            self.ways.begin(self._look())
        else:
            super().press(button)

    async def _look(self) -> None:
        try:
            await missing.look(self.context)
        except SyncError:
            notice = phones.cannot_look_now()
            self.context.say(notice.title, notice.body, notice.tone)
        self.context.changed()
