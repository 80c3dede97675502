"""The setting of the app lock: on, off, another PIN. The PIN itself stands in no draft."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine import pin
from mobile.engine.places.place import Draft, Place
from mobile.engine.recognising import recognises
from mobile.presenters import app_lock as pages
from mobile.presenters.views import View


class AppLockSetting(Place):
    """On or off, and the two lines for a new PIN."""

    name: ClassVar[str] = "app-lock"

    def recall(self, draft: Draft) -> None:
        """Take up nothing: a half-typed PIN is typed anew."""
        self.is_new = False
        self.problem: str | None = None
        self._typed: dict[str, str] = {}

    def view(self) -> View:
        """Return the choice, or the lines for a PIN."""
        if self.is_new:
            return pages.new_pin_page(self.problem)
        return pages.choice_page(
            is_on=pin.kept(self.context.store) is not None,
            recognises=recognises(self.context),
        )

    def choose(self, choice: str, group: str) -> None:
        """On asks for a PIN; off takes effect at once."""
        if choice == pages.ON and pin.kept(self.context.store) is None:
            self._begin()
        elif choice == pages.OFF:
            pin.forget(self.context.store)

    def press(self, button: str) -> None:
        """Another PIN, this PIN, or back."""
        if button == "new-pin":
            self._begin()
        elif button == "keep-pin" and self.is_new:
            self.ways.begin(self._keep())
        elif button == "back" and self.is_new:
            self.is_new = False
        else:
            super().press(button)

    def typed(self, field: str, text: str) -> None:
        """What stands in the two lines."""
        self._typed[field] = text

    def _begin(self) -> None:
        self.is_new, self.problem, self._typed = True, None, {}

    async def _keep(self) -> None:
        digits = self._typed.get(pages.PIN_FIELD, "")
        self.problem = pages.what_is_wrong(digits, self._typed.get(pages.AGAIN_FIELD, ""))
        if self.problem is None:
            await pin.choose(self.context.store, digits)
            self.is_new, self._typed = False, {}
        self.context.changed()
