"""The app at work in one process: window, engine, band on a virtual radio, clinic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kivy.core.window import Window

from mobile.app import CircletApp
from mobile.engine.publishing import Audience
from mobile.kit.press import Touchable, touchables
from mobile.kit.theme import Theme
from mobile.presenters.actions import Action, Listen
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View
from shared.wire.status import DeviceState
from tests.mobile.engine.world import World, whole_day
from tests.mobile.unseen import draw_unseen

SIZE = (360, 640)
RATE = 8.0
"""Slow enough for frames between two beats of a session, fast enough for a day to go on."""

LONGEST_FRAME_S = 20.0
DANGEROUS = {DeviceState.ARMED, DeviceState.STIMULATING}


@dataclass
class LivingEngine:
    """What the app asks of its engine, given by the world's; it outlives a kill of the latter."""

    world: World
    acts: list[Action] = field(default_factory=list)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    app: CircletApp | None = None

    def subscribe(self, callback: Any) -> None:
        self.world.audience.join(callback)

    def subscribe_look(self, callback: Any) -> None:
        self.world.audience.join_wearing(callback)

    def join_anew(self, audience: Audience) -> None:
        """A killed engine's successor shows on the same window."""
        assert self.app is not None
        audience.join_wearing(self.app.receive_look)
        audience.join(self.app.receive)

    def act(self, action: Action) -> None:
        if not isinstance(action, Listen):
            self.acts.append(action)
        self.world.act(action)

    def start(self) -> None:
        self.started.set()

    def stop(self) -> None:
        self.started.clear()

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        raise ValueError(f"nobody drives here: {name} {arguments}")


@dataclass
class House:
    """What the monkey has its hands on."""

    world: World
    app: CircletApp
    engine: LivingEngine
    running: asyncio.Task[None]

    async def frame(self) -> None:
        """Wait until what stands there has been drawn; an app that ended raises its reason."""
        drawn = asyncio.Event()
        self.app.stage.watchers.append(drawn.set)
        self.app.stage.redraw()
        waiting = asyncio.ensure_future(drawn.wait())
        try:
            await asyncio.wait(
                {waiting, self.running},
                timeout=LONGEST_FRAME_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self.running.done():
                self.running.result()
                raise AssertionError("the app has ended")
            assert drawn.is_set(), f"no frame within {LONGEST_FRAME_S:.0f} s"
        finally:
            waiting.cancel()
            self.app.stage.watchers.remove(drawn.set)

    @property
    def view(self) -> View | None:
        """What stands on the screen."""
        return self.app.stage.view

    @property
    def band(self) -> DeviceState:
        """What the band is in, as it knows itself."""
        return self.world.shell.core.state

    def reachable(self) -> list[Touchable]:
        """All that can be touched now, STOP included."""
        return [each for each in touchables(self.app.stage) if not each.disabled]

    def look(self, appearance: Appearance) -> None:
        """The person has chosen another look."""
        self.app.receive_look(appearance)


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    """Start all of it; the phone isn't enrolled yet."""
    draw_unseen()
    async with whole_day(folder, rate=RATE) as world:
        engine = LivingEngine(world)
        app = CircletApp(engine, Theme())
        engine.app = app
        running = asyncio.create_task(app.async_run(async_lib="asyncio"))
        async with asyncio.timeout(LONGEST_FRAME_S):
            await engine.started.wait()
        world.screens.append(engine.join_anew)
        Window.system_size = SIZE
        try:
            yield House(world, app, engine, running)
        finally:
            app.stop()
            async with asyncio.timeout(LONGEST_FRAME_S):
                await asyncio.gather(running, return_exceptions=True)
