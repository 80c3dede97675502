"""What the monkey does: touches, drags, keys, words, other looks; links and engines that break.

All chance comes from one seed. What the app answers also hangs on the machine's time, so a seed
replays the same hands, and most often the same fault.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable

from kivy.core.window import Window

from firmware_bridge.emulator.shell import HOLD_MS
from mobile.kit.field import Entry
from mobile.kit.finger import FingerTouch
from mobile.kit.press import Touchable
from mobile.kit.steady import HAND
from mobile.presenters.actions import Press, Stop
from mobile.presenters.appearance import Appearance, Contrast
from mobile.screens.keyboard import ENTER, ESCAPE, SPACE, TAB
from tests.mobile.engine.clinic_server import BORN, CODE
from tests.mobile.monkey import ways
from tests.mobile.monkey.house import House
from tests.mobile.monkey.watch import Watch

WORDS = ("", " ", "0", "112", CODE, BORN, "Ω漢字\u202eא", "x" * 400, "18:30", "-1", "é\n\n", "1e9")
LANGUAGES = ("en", "de", "ar")
ACROSS, HOME_EVERY = 0.5, 60
RESTARTS_EVERY = 250


class Monkey:
    """One monkey with its seed, in a house."""

    def __init__(self, house: House, watch: Watch, seed: int) -> None:
        self.house, self.watch = house, watch
        self.chance = random.Random(seed)
        self.touches = 0
        self.seen: Counter[str] = Counter()
        self.stops = 0
        self._acts: tuple[tuple[Callable[[], Awaitable[None]], int], ...] = (
            (self._touch_something, 46),
            (self._touch_anywhere, 14),
            (self._go_on, 18),
            (self._drag, 5),
            (self._twice, 4),
            (self._key, 5),
            (self._type, 5),
            (self._press_band, 4),
            (self._stop, 3),
            (self._another_look, 1),
            (self._another_language, 1),
            (self._lose_link, 1),
        )

    async def live(self, touches: int) -> None:
        """Do so many things; raise AssertionError at the first that may never happen."""
        while self.touches < touches:
            await self._one()
            if self.touches % HOME_EVERY == 0:
                await ways.walk_home(self.house)
            if self.touches % RESTARTS_EVERY == 0:
                await self._kill()
            assert self.watch.wrong == [], self.watch.wrong
        await ways.walk_home(self.house)
        await self.house.frame()
        assert self.watch.wrong == [], self.watch.wrong

    async def _one(self) -> None:
        self.touches += 1
        self.seen[str(self.house.app.stage.screen)] += 1
        acts, weights = zip(*self._acts, strict=True)
        await self.chance.choices(acts, weights)[0]()
        await self.house.frame()
        assert self.house.world.is_alive, "the engine has ended"
        await ways.something_to_touch(self.house)

    # Hands

    def _some(self, kind: type[Touchable] = Touchable) -> Touchable | None:
        there = [each for each in self.house.reachable() if isinstance(each, kind)]
        return self.chance.choice(there) if there else None

    async def _touch_something(self) -> None:
        widget = self._some()
        if widget is not None:
            x, y = widget.to_window(
                widget.x + widget.width * self.chance.random(),
                widget.y + widget.height * self.chance.random(),
            )
            self._put(x, y)

    async def _touch_anywhere(self) -> None:
        self._put(*self._place())

    def _place(self) -> tuple[float, float]:
        return self.chance.random() * Window.width, self.chance.random() * Window.height

    def _put(self, x_px: float, y_px: float) -> None:
        if self.chance.random() < ACROSS:
            HAND.forget()
        finger = FingerTouch(x_px, y_px)
        told, panel = len(self.house.engine.acts), self._stop_at(x_px, y_px)
        finger.down()
        if panel:
            assert self.house.engine.acts[told : told + 1] == [Stop()], "STOP didn't answer"
            self.stops += 1
        finger.up()

    def _stop_at(self, x_px: float, y_px: float) -> bool:
        page = self.house.app.stage.page
        return page is not None and page.stop is not None and page.stop.collide_point(x_px, y_px)

    async def _go_on(self) -> None:
        widget = ways.onward(self.house)
        if widget is not None:
            await ways.touch(self.house, widget)
        elif self.chance.random() < ACROSS:
            await self._press_band()

    async def _drag(self) -> None:
        finger = FingerTouch(*self._place())
        finger.down()
        for _ in range(self.chance.randrange(1, 8)):
            finger.move(*self._place())
        await self.house.frame()
        finger.up()

    async def _twice(self) -> None:
        x_px, y_px = self._place()
        for _ in range(2):
            finger = FingerTouch(x_px, y_px)
            finger.down()
            finger.up()

    async def _key(self) -> None:
        code = self.chance.choice((TAB, TAB, TAB, ENTER, ENTER, SPACE, ESCAPE, 273, 274, 97))
        shift = ["shift"] if self.chance.random() < 0.2 else []
        Window.dispatch("on_key_down", code, 0, None, shift)

    async def _type(self) -> None:
        entry = self._some(Entry)
        if isinstance(entry, Entry):
            entry.focus = True
            entry.insert_text(self.chance.choice(WORDS))

    # The world

    async def _stop(self) -> None:
        page = self.house.app.stage.page
        if page is not None and page.stop is not None:
            self.stops += 1
            await ways.stop(self.house)

    async def _press_band(self) -> None:
        shell = self.house.world.shell
        if shell.is_alive:
            await shell.press(*((HOLD_MS,) if self.chance.random() < 0.3 else ()))

    async def _another_look(self) -> None:
        self.house.look(
            Appearance(
                self.chance.choice(list(Contrast)),
                self.chance.choice((80, 100, 150, 200)),
                mirrored=self.chance.random() < 0.3,
                still=self.chance.random() < 0.5,
            )
        )

    async def _another_language(self) -> None:
        self.house.engine.act(Press(f"speak-{self.chance.choice(LANGUAGES)}"))

    async def _lose_link(self) -> None:
        self.house.world.radio.air.drop(out_of_reach_ms=self.chance.choice((0, 50, 1500)))

    async def _kill(self) -> None:
        """The system ends the engine; it begins again over the same folder."""
        await self.house.world.end_phone()
        self.house.world.begin_phone()
        await self.house.frame()
