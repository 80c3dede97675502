"""The emergency card, from the Help tab; over a locked app the lock shows it itself."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine.card_facts import card_facts
from mobile.engine.places.place import Place
from mobile.presenters.emergency_card import card_page
from mobile.presenters.views import View


class EmergencyCard(Place):
    """What the band is, whom to call, what to tell an ambulance."""

    name: ClassVar[str] = "emergency-card"

    def view(self) -> View:
        """Return the card."""
        return card_page(card_facts(self.context), from_lock=False)
