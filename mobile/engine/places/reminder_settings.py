"""The settings of reminders; what is chosen is kept at once, and planned by from then on."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine.places.place import Place
from mobile.engine.reminder_settings import keep_reminders, kept_reminders
from mobile.presenters.reminder_settings import changed, reminders_page
from mobile.presenters.views import View


class ReminderSettingsPlace(Place):
    """Which reminders, when, and how quiet."""

    name: ClassVar[str] = "reminder-settings"

    def view(self) -> View:
        """Return the page."""
        return reminders_page(kept_reminders(self.context.store))

    def choose(self, choice: str, group: str) -> None:
        """Keep the choice."""
        store = self.context.store
        keep_reminders(store, changed(kept_reminders(store), choice, group))
