"""Before a journey: the charge, how long sessions go on without a network, whom to call there."""

from __future__ import annotations

from typing import ClassVar

from mobile.engine.places.place import Draft, Place
from mobile.engine.present_lock import clearance_facts, lock_of
from mobile.presenters import emergency_numbers, travel
from mobile.presenters.travel import TravelFacts
from mobile.presenters.views import View


class Travel(Place):
    """The page to look at before leaving."""

    name: ClassVar[str] = "travel"

    def recall(self, draft: Draft) -> None:
        """Take up where the journey goes."""
        self.typed_country = str(draft.get("typed", ""))
        self.code = str(draft.get("code", ""))
        self.looked = bool(draft.get("looked", False))

    def draft(self) -> Draft:
        """Return it."""
        return {"typed": self.typed_country, "code": self.code, "looked": self.looked}

    def view(self) -> View:
        """Return the page."""
        context = self.context
        seen, clearance = context.instants.seen, clearance_facts(context)
        ends = [reason.ends_wall_ms for reason in lock_of(context).reasons]
        known = [at_ms for at_ms in ends if at_ms is not None]
        return travel.travel_page(
            TravelFacts(
                now=context.now,
                card=context.card,
                battery_percent=None if seen is None else seen.battery_percent,
                battery_seen_ms=None if seen is None else seen.wall_ms,
                sessions_until_ms=None if clearance is None else clearance.ends_wall_ms,
                next_session_ms=max(known, default=None),
                typed=self.typed_country,
                found=self._found(),
                country=emergency_numbers.country_of(self.code),
                looked=self.looked,
            )
        )

    def typed(self, field: str, text: str) -> None:
        """The country's name."""
        self.typed_country = text

    def choose(self, choice: str, group: str) -> None:
        """One of several."""
        self.code = choice

    def press(self, button: str) -> None:
        """Look the country up."""
        if button != "find":
            super().press(button)
            return
        self.looked, self.code = True, ""
        found = self._found()
        if len(found) == 1:
            self.code = found[0].code

    def _found(self) -> tuple[emergency_numbers.Country, ...]:
        return emergency_numbers.named(self.typed_country) if self.looked else ()
