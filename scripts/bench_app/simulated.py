"""The real app in its window over band, phone and clinic, all in one process and simulated time.

Kivy's frames, animations and the steady hand go by the loop's clock too, so that an hour costs what
its work costs. Frames come more rarely than on a screen: enough for a touch every second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from kivy.clock import Clock

from firmware_bridge.emulator.profile.figures import PROFILES
from mobile.app import CircletApp
from mobile.kit.steady import HAND
from mobile.kit.theme import Theme
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View
from shared.wire.status import DeviceState
from tests.fault_matrix.stage import Belongings, Phone, Stage, staged
from tests.mobile.engine.world import World
from tests.mobile.monkey.house import House, LivingEngine

FRAMES_A_SECOND = 4
PROFILE = "desktop"


class SimulatedHouse(House):
    """What a person has hands on, over the stage of the fault matrix."""

    stage: Stage
    shown: PhonesEngine

    @property
    def band(self) -> DeviceState:
        return self.stage.core.state


class PhonesEngine(LivingEngine):
    """The phone's engine, as the app asks for it."""

    def __init__(self, phone: Phone) -> None:
        super().__init__(cast(World, phone))
        self.phone = phone
        self.views = 0
        self._show: Callable[[View], None] = lambda view: None
        self._wear: Callable[[Appearance], None] = lambda look: None

    def subscribe(self, callback: Callable[[View], None]) -> None:
        self._show = callback

    def subscribe_look(self, callback: Callable[[Appearance], None]) -> None:
        self._wear = callback

    def start(self) -> None:
        self.phone.begin()
        self.phone.audience.join_wearing(self._wear)
        self.phone.also_on_view = self._seen
        super().start()

    def _seen(self, view: View) -> None:
        """The tests' own list of all views is kept short: it isn't the app's."""
        del self.phone.views[:-1]
        self.views += 1
        self._show(view)

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        raise ValueError(f"nobody drives here: {name} {arguments}")


@asynccontextmanager
async def simulated_house(folder: Path) -> AsyncIterator[SimulatedHouse]:
    """Start all of it on a simulated loop; the phone isn't enrolled yet."""
    _frames_by_the_loop()
    async with staged(Belongings.new(folder), PROFILES[PROFILE]) as stage:
        engine = PhonesEngine(stage.phone)
        app = CircletApp(engine, Theme())
        running = asyncio.create_task(app.async_run(async_lib="asyncio"))
        await engine.started.wait()
        house = SimulatedHouse(cast(World, stage), app, engine, running)
        house.stage, house.shown = stage, engine
        try:
            yield house
        finally:
            app.stop()
            await running


def _frames_by_the_loop() -> None:
    loop = asyncio.get_running_loop()
    began_s = Clock.time() - loop.time()
    Clock.time = lambda: began_s + loop.time()
    Clock._max_fps = float(FRAMES_A_SECOND)
    HAND.now_s = loop.time
