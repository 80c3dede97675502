"""A person who does what the app's words say: enrols, pairs, answers, sits, presses, waits.

One step for each screen, a second after it came; what has no effect is tried again now and then,
as people do. Not for judging the words: a person follows them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from firmware_bridge.emulator.shell import HOLD_MS
from mobile.presenters.actions import Action, Choose, Enrol, Press
from mobile.presenters.views import (
    AfterView,
    HelpView,
    MessageView,
    PageView,
    PairView,
    ReadyView,
    SessionView,
    TodayView,
    View,
    WelcomeView,
)
from tests.fault_matrix.evidence import UpdateSeen
from tests.fault_matrix.stage import Stage
from tests.fault_matrix.words import Words
from tests.mobile.engine.clinic_server import BORN, CODE

THINKS_MS = 1_000
TRIES_AGAIN_S = 10.0
"""After so long without another screen, a person touches the same button again."""


@dataclass(frozen=True)
class Step:
    """What a person does now: touch the app, press the band's button, or both."""

    touches: tuple[Action, ...] = ()
    presses_ms: int = 0


CONFIRMED_BY_YES = frozenset({"ear", "attended"})

PRESS = Step(presses_ms=200)
NOTHING = Step()


class Patient:
    """Follows the app. `ends_here` makes of every pause an end."""

    def __init__(self, stage: Stage, *, ends_here: bool = False) -> None:
        self.stage = stage
        self.ends_here = ends_here
        self.words = Words()
        """What is told beside the app."""

    @property
    def is_free(self) -> bool:
        """Whether nothing is under way that the day waits for."""
        return True

    async def leave(self) -> None:
        """Let go of whatever is under way."""

    @property
    def was_held_up(self) -> bool:
        """Whether something beside the app went otherwise than on a usual day."""
        return False

    def update_seen(self) -> UpdateSeen | None:
        """What was seen of a firmware update, by who brings one."""
        return None

    async def follow(self, until: Callable[[View], bool], *, within_s: float) -> bool:
        """Do as told until such a screen stands there; False if none does in time."""
        try:
            async with asyncio.timeout(within_s):
                while not self._sees(until):
                    await self._one_screen()
            return True
        except TimeoutError:
            return False

    def _sees(self, until: Callable[[View], bool]) -> bool:
        view = self.stage.phone.view
        return view is not None and until(view)

    async def _one_screen(self) -> None:
        view = self.stage.phone.view
        if view is None or (step := self._step(view)) == NOTHING:
            await self._wait(TRIES_AGAIN_S)
            return
        await self.stage.clock.sleep_ms(THINKS_MS)
        now = self.stage.phone.view
        if now is None or self._step(now) != step:
            return
        await self.do(step)
        if self.stage.phone.view is now:
            await self._wait(TRIES_AGAIN_S)

    async def do(self, step: Step) -> None:
        """Press and touch."""
        if step.presses_ms:
            await self.stage.life.press(step.presses_ms)
        for touch in step.touches:
            self.stage.phone.act(touch)

    async def _wait(self, limit_s: float) -> None:
        try:
            async with asyncio.timeout(limit_s):
                await self.stage.phone.changed()
        except TimeoutError:
            return

    def _step(self, view: View) -> Step:
        match view:
            case WelcomeView(busy=None):
                return Step((Enrol(CODE, BORN),))
            case PageView(name="sharing"):
                return Step((Press("next"),))
            case PageView(name="consent", place=section):
                return Step((Choose("yes", section), Press("next")))
            case PairView():
                return self._pairing(view)
            case TodayView(button_action=str(action)):
                return Step((Press(action),))
            case PageView():
                return _on_a_page(view)
            case ReadyView():
                return PRESS if view.waiting else Step((Press("start"),))
            case SessionView(link_lost=False):
                return self._sitting(view)
            case AfterView():
                return Step((Choose("no"), Press(view.button_action)))
            case MessageView(button_action=str()):
                return Step((Press(str(view.button_action)),))
            case HelpView():
                return Step((Press(view.button_action),))
        return NOTHING

    def _pairing(self, view: PairView) -> Step:
        if view.problem is not None and "Call your clinic" in view.problem.body:
            return NOTHING
        if view.number is not None:
            same = self.stage.core.display.text == view.number
            return Step((Choose("same"),), 200) if same else Step((Choose("different"),))
        if "once more" in view.body and not view.problem:
            return PRESS
        if view.button is None:
            return NOTHING
        holds = HOLD_MS if "Hold its button" in view.body else 0
        return Step((Press(view.button_action),), holds)

    def _sitting(self, view: SessionView) -> Step:
        names = {button.id for button in view.buttons}
        if view.still_here:
            return Step((Press("still-here"),))
        if not view.paused:
            return NOTHING
        if "Press the button on the band now" in (view.sentence or ""):
            return PRESS
        wanted = "end-here" if self.ends_here or "go-on" not in names else "go-on"
        return Step((Press(wanted),))


def _on_a_page(page: PageView) -> Step:
    """A safety question is answered as on an ordinary day; elsewhere the strong button leads on."""
    if page.name == "screening":
        return Step((Choose("yes" if page.place in CONFIRMED_BY_YES else "no", page.place),))
    onward = next((push for push in page.foot if push.strong and push.enabled), None)
    return NOTHING if onward is None else Step((Press(onward.action),))
