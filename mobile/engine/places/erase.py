"""Erase this phone: two deliberate steps, what is unsent named first, a way to send it before."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine.places.place import Draft, Place
from mobile.engine.unsent import send_first, unsent_words
from mobile.presenters import erasing as pages
from mobile.presenters.views import View


class Erase(Place):
    """Step 1 or 2. A restart begins at the first again."""

    name: ClassVar[str] = "erase"
    outlasts_the_app: ClassVar[bool] = False

    def recall(self, draft: Draft) -> None:
        """Begin at the first step."""
        self.step, self.understood = 1, False

    def view(self) -> View:
        """Return the step."""
        facts = pages.EraseFacts(unsent_words(self.context), self.context.reachable)
        if self.step == 1:
            return pages.first_page(facts)
        return pages.second_page(facts, understood=self.understood)

    def press(self, button: str) -> None:
        """Send first, go on, erase, or keep everything."""
        if button == "send-first":
            self.ways.begin(send_first(self.context, self.ways.tending))
        elif button == "step-2" and self.step == 1:
            self.step, self.understood = 2, False
        elif button == "erase-now" and self.step == 2 and self.understood:
            self.context.erase_wanted.set()
        else:
            super().press(button)

    def choose(self, choice: str, group: str) -> None:
        """Agree to the sentence, or take it back."""
        if self.step == 2 and choice == pages.UNDERSTOOD:
            self.understood = not self.understood
