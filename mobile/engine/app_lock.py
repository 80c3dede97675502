"""The app lock over all screens: hides the app after a minute away, never STOP.

It belongs to the engine's loop. While it stands, a touch goes to it and nowhere else; STOP goes
past it, and a session or a practice under way isn't covered at all.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from firmware_bridge.link import LinkState
from mobile.engine import pin
from mobile.engine.card_facts import card_facts
from mobile.engine.context import Context
from mobile.engine.dialling import dial
from mobile.engine.places.place import Place
from mobile.engine.reaching import reach_of
from mobile.engine.recognising import is_recognised, recognises
from mobile.engine.screens import Sitting
from mobile.engine.session import is_under_way
from mobile.presenters import app_lock as pages
from mobile.presenters.actions import Action, Press, Typed, dialled_by
from mobile.presenters.emergency_card import card_page
from mobile.presenters.help import help_view
from mobile.presenters.views import View

AWAY_MS = 60_000
"""So long the app may be out of sight before it asks (own figure; the issue names it)."""
ASKED, FORGOTTEN, CARD, HELP = "asked", "forgotten", "card", "help"

Spawn = Callable[[Coroutine[Any, Any, None]], object]


class AppLock:
    """Locked from the start of the app where a PIN was chosen."""

    def __init__(self, context: Context, spawn: Spawn) -> None:
        self._context, self._spawn = context, spawn
        self._locked = pin.kept(context.store) is not None
        self._away_since_ms: int | None = None
        self._shown, self._typed = ASKED, ""
        self._busy = False

    @property
    def stands(self) -> bool:
        """Whether it covers the app now."""
        return self._locked and not self._stop_is_needed()

    def look_away(self) -> None:
        """The app went out of sight."""
        self._away_since_ms = self._context.clock.elapsed_ms()

    def look_back(self) -> None:
        """The app is in sight again."""
        since_ms, self._away_since_ms = self._away_since_ms, None
        if since_ms is None or pin.kept(self._context.store) is None:
            return
        if self._context.clock.elapsed_ms() - since_ms >= AWAY_MS:
            self._locked, self._shown, self._typed = True, ASKED, ""
            self._recognise()

    def take(self, action: Action) -> None:
        """Take a touch while it stands."""
        if isinstance(action, Typed) and action.field == pages.PIN_FIELD:
            self._typed = action.text
        elif isinstance(action, Press):
            self._press(action.button)

    def view(self) -> View:
        """Return what covers the app."""
        context, card = self._context, self._context.card
        match self._shown:
            case "forgotten":
                return pages.forgotten_page(card.clinic_name, card.day_number)
            case "card":
                return card_page(card_facts(context), from_lock=True)
            case "help":
                return help_view(card.clinic_name, reach=reach_of(context))
        kept = pin.kept(context.store)
        return pages.lock_page(
            pages.LockFacts(
                wrong=0 if kept is None else kept.wrong,
                wait_ms=0 if kept is None else kept.wait_ms(context.clock.wall_ms()),
                recognises=recognises(context),
                asking=self._busy,
            )
        )

    def first_page(self) -> View | None:
        """What the next start of the app shows before anything else, where a PIN was chosen."""
        if pin.kept(self._context.store) is None:
            return None
        return pages.lock_page(pages.LockFacts())

    def _press(self, button: str) -> None:
        shown = {"forgotten": FORGOTTEN, "emergency-card": CARD, "help": HELP}.get(button)
        if shown is not None:
            self._shown = shown
        elif button == "unlock" and not self._busy:
            self._spawn(self._unlock())
        elif button == "recognise":
            self._recognise()
        elif (number := dialled_by(button)) is not None:
            self._spawn(dial(self._context, number))
        elif button in ("back", "home", "done"):
            self._shown = ASKED

    async def _unlock(self) -> None:
        typed, self._busy = self._typed, True
        self._context.changed()
        try:
            now_ms = self._context.clock.wall_ms()
            if await pin.is_right(self._context.store, typed, now_ms=now_ms):
                self._locked, self._typed = False, ""
        finally:
            self._busy = False
            self._context.changed()

    def _recognise(self) -> None:
        if recognises(self._context) and not self._busy:
            self._spawn(self._ask_the_system())

    async def _ask_the_system(self) -> None:
        self._busy = True
        try:
            if await is_recognised(self._context):
                self._locked = False
        finally:
            self._busy = False
            self._context.changed()

    def _stop_is_needed(self) -> bool:
        """A session or a practice is under way: nothing may stand before STOP."""
        context = self._context
        screen, status = context.screen, context.status
        if isinstance(screen, Sitting) or (isinstance(screen, Place) and screen.is_counting):
            return True
        linked = context.connection.state is LinkState.READY
        return linked and status is not None and is_under_way(status)
