"""What a touch does: STOP first of all, then the app's lock, then the screen that stands there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from mobile.engine import afterwards, sharing, silent_band, training
from mobile.engine.app_lock import AppLock
from mobile.engine.arrival import Arrival
from mobile.engine.context import Context
from mobile.engine.dialling import dial
from mobile.engine.flows import Flows
from mobile.engine.places.place import Place, Ways
from mobile.engine.places.remembering import Remembering
from mobile.engine.present_lock import lock_of
from mobile.engine.reminder_settings import keep_reminders, kept_reminders
from mobile.engine.screens import (
    Comparing,
    Finding,
    Helping,
    Screen,
    Settling,
    Sitting,
    Today,
    Welcome,
)
from mobile.engine.speaking import speak_as_pressed
from mobile.engine.treating import Treating
from mobile.presenters.actions import (
    Action,
    Choose,
    Enrol,
    LookAway,
    LookBack,
    OpenLink,
    Padded,
    Press,
    Stop,
    Typed,
    dialled_by,
)
from mobile.presenters.consent_sections import TREATMENT
from mobile.presenters.page import Tab
from mobile.presenters.today import REMIND_ME
from mobile.presenters.views import View
from mobile.presenters.welcome import CANCEL, DIFFERENT, SAME

_SITTING_BUTTONS = {"pause", "go-on", "end-here", "still-here", "repositioned"}
_SOFTER_BUTTONS = {"softer", "softer-yes", "softer-no"}


class Touches:
    """``in_sight`` is told whether the person looks at the app."""

    def __init__(
        self,
        context: Context,
        flows: Flows,
        arrival: Arrival,
        treating: Treating,
        ways: Ways,
        remembering: Remembering,
        in_sight: Callable[[bool], None],
        bluetooth_tried: Callable[[], Awaitable[None]],
    ) -> None:
        self._context, self._flows = context, flows
        self._arrival, self._treating = arrival, treating
        self._ways, self._remembering = ways, remembering
        self._in_sight = in_sight
        self._bluetooth_tried = bluetooth_tried
        self._lock = AppLock(context, flows.spawn)
        context.cover = self._cover
        context.first_page = self._lock.first_page

    def act(self, action: Action) -> None:
        """Take a touch. STOP first of all."""
        if isinstance(action, Stop):
            self._flows.spawn(self._treating.stop())
            return
        try:
            self._take(action)
        except Exception as problem:
            self._flows.say_what_failed(problem)

    def _take(self, action: Action) -> None:
        if isinstance(action, LookAway | LookBack):
            self._look(away=isinstance(action, LookAway))
            return
        if self._lock.stands:
            self._lock.take(action)
            if not isinstance(action, Typed):
                self._context.changed()
            return
        self._context.notice = None
        match action:
            case Enrol(code=code, birth_date=birth_date):
                if isinstance(self._context.screen, Welcome):
                    self._flows.begin(self._arrival.enrol(code, birth_date))
            case Choose(choice=choice, group=group):
                self._choose(choice, group)
            case Press(button=button):
                self._press(button)
            case OpenLink(link=link):
                self._arrival.open_link(link)
            case Padded():
                if isinstance(self._context.screen, Place):
                    self._context.screen.padded(action)
            case Typed(field=field, text=text):
                self._typed(field, text)
                return
        self._remembering.note(self._context.screen)
        self._context.changed()

    def _look(self, *, away: bool) -> None:
        self._in_sight(not away)
        if away:
            self._lock.look_away()
        else:
            self._lock.look_back()
            self._context.changed()

    def _cover(self) -> View | None:
        """What the app's lock shows over everything, while it stands."""
        return self._lock.view() if self._lock.stands else None

    def _typed(self, field: str, text: str) -> None:
        screen = self._context.screen
        if isinstance(screen, Place):
            screen.typed(field, text)
            self._remembering.note(screen)

    def _choose(self, choice: str, group: str) -> None:
        screen = self._context.screen
        if isinstance(screen, Place):
            screen.choose(choice, group)
            return
        if isinstance(screen, Comparing) and choice in (SAME, DIFFERENT):
            self._arrival.compare(same=choice == SAME)

    def _press(self, button: str) -> None:
        screen, context = self._context.screen, self._context
        number = dialled_by(button)
        if number is not None:
            self._flows.spawn(dial(context, number))
        elif button == "help" and not isinstance(screen, Helping):
            context.go(Helping(screen))
        elif speak_as_pressed(context, button):
            return
        elif isinstance(screen, Sitting):
            self._press_sitting(button)
        elif self._press_bar(screen, button):
            return
        elif isinstance(screen, Place):
            screen.press(button)
        elif button == "find-band":
            self._find_band(screen)
        elif button == CANCEL and isinstance(screen, Finding | Comparing | Settling):
            self._flows.spawn(self._stop_waiting(screen))
        elif isinstance(screen, Today) and button == "get-ready":
            self._get_ready()
        elif isinstance(screen, Today) and button == REMIND_ME:
            settings = kept_reminders(context.store)
            keep_reminders(context.store, replace(settings, session=True))
        elif isinstance(screen, Helping):
            context.go(screen.back_to)
        elif button in ("home", "done", "back"):
            context.go(Today())

    def _press_bar(self, screen: Screen | Place, button: str) -> bool:
        """The bar of places, and whatever on the day's page leads to a place of its own."""
        if not isinstance(screen, Place | Today):
            return False
        if button == Tab.TODAY:
            self._ways.home()
        elif button in set(Tab) and self._ways.knows(button):
            self._ways.open_first(button, {})
        elif isinstance(screen, Today) and self._ways.knows(button):
            self._ways.open(button)
        else:
            return False
        return True

    def _press_sitting(self, button: str) -> None:
        if button == "start":
            self._flows.spawn(self._treating.start())
        elif button in _SITTING_BUTTONS:
            self._flows.spawn(self._treating.button(button))
        elif button in _SOFTER_BUTTONS:
            self._flows.spawn(self._treating.softer(button))
        elif button == "leave":
            self._flows.spawn(silent_band.leave(self._context, self._flows))

    def _find_band(self, screen: Screen | Place) -> None:
        if isinstance(screen, Settling):
            self._flows.begin(self._arrival.settle())
        elif isinstance(screen, (Finding, Today)):
            self._flows.begin(self._pair())

    async def _stop_waiting(self, screen: Finding | Comparing | Settling) -> None:
        """End what was waited for; nothing of it is kept, and it can be begun anew."""
        await self._flows.end()
        self._context.go(Today() if isinstance(screen, Settling) else Finding())

    async def _pair(self) -> None:
        self._context.go(Finding(searching=True))
        await self._bluetooth_tried()
        await self._arrival.pair()

    def _get_ready(self) -> None:
        lock = lock_of(self._context)
        if not sharing.allows(self._context.store, TREATMENT):
            self._ways.open("consents", section=TREATMENT)
        elif training.is_due(self._context):
            self._ways.open("lessons")
        elif afterwards.unanswered(self._context) is not None:
            self._ways.open("after")
        elif lock.permitted:
            self._flows.begin(self._treating.get_ready())
        else:
            self._ways.open("screening", seat_only=not lock.asks_questions)
