"""The engine's middle: keeps the link, the rounds and the clockwork going, and takes touches.

Touches start flows; one flow at a time, each ends with a screen. STOP starts nothing and waits for
nothing: it goes out at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from firmware_bridge.link import LinkState, NotABand, PairingRefused
from mobile.engine import afterwards, flagging, sharing, training
from mobile.engine.app_lock import AppLock
from mobile.engine.arrival import Arrival, why_not_paired
from mobile.engine.context import Context
from mobile.engine.dialling import dial
from mobile.engine.handed_over import is_handed_over
from mobile.engine.places import PLACES
from mobile.engine.places.consents import FirstConsents
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
from mobile.engine.session import is_under_way
from mobile.engine.speaking import speak_as_pressed
from mobile.engine.tending import Tending
from mobile.engine.treating import Treating
from mobile.engine.words import KNOWN, sentence_of
from mobile.language import _
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
)
from mobile.presenters.consent_sections import TREATMENT
from mobile.presenters.page import Tab
from mobile.presenters.reach import dialled_by
from mobile.presenters.today import REMIND_ME
from mobile.presenters.views import View
from mobile.presenters.welcome import DIFFERENT, SAME
from shared.wire.status import Status

log = logging.getLogger(__name__)

_COUNTING_TICK_MS, _TICK_MS = 500, 15_000
_SITTING_BUTTONS = {"pause", "go-on", "end-here", "still-here", "repositioned"}
_SOFTER_BUTTONS = {"softer", "softer-yes", "softer-no"}


class Day:
    """Owns the tasks of one enrolled or not yet enrolled phone."""

    def __init__(
        self, context: Context, tending: Tending, bluetooth_tried: Callable[[], Awaitable[None]]
    ) -> None:
        self._context = context
        self._bluetooth_tried = bluetooth_tried
        self._tending = tending
        self._arrival = Arrival(context, tending, self._ask_for_consent)
        self._treating = Treating(context, tending, self._open_place)
        self._remembering = Remembering(context.store)
        self._ways = Ways(
            context,
            tending,
            self._treating,
            self._spawn,
            self._begin,
            PLACES,
            self._remembering.keep,
        )
        self._lock = AppLock(context, self._spawn)
        context.cover = self._cover
        context.first_page = self._lock.first_page
        self._tasks: asyncio.TaskGroup | None = None
        self._flow: asyncio.Task[None] | None = None
        self._was_ready = False
        self._in_sight = True

    async def run(self) -> None:
        """Live until cancelled."""
        context = self._context
        leave = [
            context.connection.watch(self._link_changed),
            context.connection.watch_status(self._status_heard),
        ]
        if context.enrolment is not None and context.band_address is None:
            self._ask_for_consent()
        self._come_back()
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                tasks.create_task(self._keep_link())
                tasks.create_task(self._tending.run())
                tasks.create_task(self._tick())
        finally:
            self._tasks = None
            for end in leave:
                end()
            await context.connection.let_go()

    # Touches

    def act(self, action: Action) -> None:
        """Take a touch. STOP first of all."""
        if isinstance(action, Stop):
            self._spawn(self._treating.stop())
            return
        try:
            self._take(action)
        except Exception as problem:
            self._say_what_failed(problem)

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
                    self._begin(self._arrival.enrol(code, birth_date))
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
        self._in_sight = not away
        self._pace_link()
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
            self._spawn(dial(context, number))
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

    def _ask_for_consent(self) -> None:
        """What is shared comes before the band, and before anything goes out."""
        if sharing.was_asked(self._context.store):
            self._context.go(Finding())
        else:
            self._ways.open_first(FirstConsents.name, {})

    def _come_back(self) -> None:
        """After a restart, go to where the person was; a session under way shows itself."""
        recalled = self._remembering.recalled()
        here = self._context.screen
        if recalled is None or not self._ways.knows(recalled[0]):
            return
        name, draft = recalled
        if isinstance(here, Today) or (isinstance(here, FirstConsents) and name == here.name):
            self._ways.open_first(name, draft)

    def _open_place(self, name: str, draft: Mapping[str, Any]) -> None:
        """Show a place that a flow leads to, with nothing behind it."""
        self._ways.open_first(name, draft)

    def _press_sitting(self, button: str) -> None:
        if button == "start":
            self._spawn(self._treating.start())
        elif button in _SITTING_BUTTONS:
            self._spawn(self._treating.button(button))
        elif button in _SOFTER_BUTTONS:
            self._spawn(self._treating.softer(button))

    def _find_band(self, screen: Screen | Place) -> None:
        if isinstance(screen, Settling):
            self._begin(self._arrival.settle())
        elif isinstance(screen, (Finding, Today)):
            self._begin(self._pair())

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
            self._begin(self._treating.get_ready())
        else:
            self._ways.open("screening", seat_only=not lock.asks_questions)

    # Tasks

    def _begin(self, flow: Coroutine[Any, Any, None]) -> None:
        """Start a flow, unless one is under way: then the touch came twice."""
        if self._flow is not None and not self._flow.done():
            flow.close()
            return
        self._flow = self._spawn(flow)

    async def _end_flow(self) -> None:
        if self._flow is not None:
            self._flow.cancel()
            await asyncio.wait([self._flow])

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        if self._tasks is None:
            work.close()
            return None
        return self._tasks.create_task(self._said(work))

    async def _said(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it; what fails is said, and the rest of the day goes on."""
        try:
            await work
        except Exception as problem:
            self._say_what_failed(problem)
        # A flow may have led elsewhere: a restart is to find that.
        self._remembering.note(self._context.screen)

    def _say_what_failed(self, problem: Exception) -> None:
        """No touch ends in silence, and no fault of ours takes beat, STOP and link with it."""
        title, body = _("The app made a mistake"), _("It's noted. The band isn't affected.")
        known = isinstance(problem, KNOWN)
        log.error("%s", problem, exc_info=None if known else problem)
        if known:
            title, body = _("That didn't work"), sentence_of(problem)
        if isinstance(self._context.screen, Sitting):
            self._context.session_word = body if known else f"{title}. {body}"
        self._context.say(title, body)

    async def _keep_link(self) -> None:
        """Keep the link to the paired band; a bond that's gone asks for pairing anew."""
        context = self._context
        await self._bluetooth_tried()
        while True:
            address = await context.until_paired()
            try:
                await self._keep_while_paired(address)
            except (PairingRefused, NotABand) as problem:
                context.forget_band()
                if is_handed_over(context.store):
                    continue
                # A flow that waits for this link waits in vain, and would keep the person from
                # pairing anew.
                await self._end_flow()
                context.go(Finding(problem=why_not_paired(context, problem)))

    async def _keep_while_paired(self, address: str) -> None:
        """Keep the link until the band is forgotten; raise what ends it before."""
        keeping = asyncio.ensure_future(self._context.connection.keep(address))
        forgotten = asyncio.ensure_future(self._context.until_forgotten())
        try:
            await asyncio.wait({keeping, forgotten}, return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
        finally:
            keeping.cancel()
            forgotten.cancel()
            await asyncio.wait({keeping, forgotten})

    async def _tick(self) -> None:
        """What a screen counts down is counted; between sessions once in a while."""
        while True:
            screen, context = self._context.screen, self._context
            context.gone.clear()
            with suppress(TimeoutError):
                limit_ms = _COUNTING_TICK_MS if _counts(screen) else _TICK_MS
                await context.clock.wait_for(context.gone.wait(), limit_ms)
            context.changed()

    # The link

    def _pace_link(self) -> None:
        """Try often while somebody waits for the band: who looks at the app, or is in a session."""
        status, pace = self._context.status, self._context.connection.pace
        if self._in_sight or (status is not None and is_under_way(status)):
            pace.hurry()
        else:
            pace.take_time()

    def _link_changed(self, state: LinkState) -> None:
        context = self._context
        if state is LinkState.LOST and self._was_ready and context.lost_wall_ms is None:
            context.lost_wall_ms = context.instants.wall_ms()
            if context.session is not None:
                context.session.event("link lost")
        elif state is LinkState.READY:
            self._was_ready = True
            self._link_back()
        context.changed()

    def _link_back(self) -> None:
        context = self._context
        if context.lost_wall_ms is not None:
            context.losses_healed += 1
            context.lost_wall_ms = None
            if context.session is not None:
                context.session.event("link back")
        if context.stop_waits:
            self._spawn(self._treating.stop())
        if context.unkept.waiting():
            self._spawn(flagging.deliver(context))
        self._tending.wake()

    def _status_heard(self, status: Status) -> None:
        context = self._context
        context.instants.heard(status)
        if is_under_way(status):
            context.under_way.note(status, wall_ms=context.instants.wall_ms())
        else:
            context.under_way.over()
        self._pace_link()
        if context.session is None and is_under_way(status) and self._may_show_session():
            context.go(Sitting())
        elif context.session is None and not is_under_way(status):
            self._leave_session()
        context.changed()

    def _leave_session(self) -> None:
        """A session that this start of the app didn't arm has ended."""
        if isinstance(self._context.screen, Sitting):
            self._context.go(Today())
            self._spawn(self._ask_afterwards())

    async def _ask_afterwards(self) -> None:
        """The band's record says what the session came to; then it's asked how it was."""
        await self._tending.round()
        here = isinstance(self._context.screen, Today)
        if here and afterwards.unanswered(self._context) is not None:
            self._ways.open_first("after", {})

    def _may_show_session(self) -> bool:
        """A session of before this start, or another phone's: STOP must be in reach."""
        busy = self._flow is not None and not self._flow.done()
        return not busy and not isinstance(self._context.screen, Sitting)


def _counts(screen: Screen | Place) -> bool:
    return screen.is_counting if isinstance(screen, Place) else isinstance(screen, Sitting)
