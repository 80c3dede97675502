"""The Help tab."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine import training
from mobile.engine.places.place import Place
from mobile.presenters.help_page import HelpFacts, help_page
from mobile.presenters.opening import open_words
from mobile.presenters.page import Tab
from mobile.presenters.views import View


class Help(Place):
    """A way to a person, and to everything that is needed now and then."""

    name: ClassVar[str] = Tab.HELP

    def view(self) -> View:
        """Return the page."""
        context, card = self.context, self.context.card
        return help_page(
            HelpFacts(
                clinic_name=card.clinic_name,
                day_number=card.day_number,
                open_words=open_words(card, context.now),
                known=self.ways.known,
                unread=context.store.messages.unread(),
                lessons_due=training.is_due(context),
            )
        )

    def press(self, button: str) -> None:
        """Open the row's place."""
        if self.ways.knows(button):
            self.ways.open(button)
        else:
            super().press(button)
