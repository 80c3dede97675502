"""The app running in the test's own loop, with an engine that records what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kivy.core.window import Window

from mobile.app import CircletApp
from mobile.kit.finger import FingerTouch
from mobile.kit.press import Touchable, bring_into_view, touchables
from mobile.kit.steady import HAND
from mobile.kit.theme import Theme
from mobile.presenters.actions import Action, Listen
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View
from mobile.toolkit_env import DEFAULT_SIZE

LONGEST_WAIT_S = 60


@dataclass
class RecordingEngine:
    acts: list[Action] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """What the focus came to; nothing that a person did."""
    driven: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    callback: Callable[[View], None] | None = None
    callback_look: Callable[[Appearance], None] | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)

    def subscribe(self, callback: Callable[[View], None]) -> None:
        self.callback = callback

    def subscribe_look(self, callback: Callable[[Appearance], None]) -> None:
        self.callback_look = callback

    def act(self, action: Action) -> None:
        if isinstance(action, Listen):
            self.heard.append(action.words)
        else:
            self.acts.append(action)

    def start(self) -> None:
        self.started.set()

    def stop(self) -> None:
        self.started.clear()

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        if name != "phone-clock":
            raise ValueError(f"no such thing to do: {name}")
        self.driven.append((name, dict(arguments)))
        return {"wall_ms": 5}


@dataclass
class Running:
    app: CircletApp
    engine: RecordingEngine

    async def show(self, view: View) -> None:
        """Publishes a view and waits until it has been drawn."""
        drawn = asyncio.Event()

        def look() -> None:
            if self.app.stage.drawn == view:
                drawn.set()

        self.app.stage.watchers.append(look)
        self.app.receive(view)
        self.app.stage.redraw()
        async with asyncio.timeout(LONGEST_WAIT_S):
            await drawn.wait()
        self.app.stage.watchers.remove(look)

    async def open(self, view: View) -> None:
        """Shows a view on a page of its own, as if nothing had been typed or scrolled before."""
        self.app.stage.view = None
        await self.show(view)

    async def frame(self) -> None:
        """Waits for one more frame, settled."""
        drawn = asyncio.Event()
        self.app.stage.watchers.append(drawn.set)
        self.app.stage.redraw()
        async with asyncio.timeout(LONGEST_WAIT_S):
            await drawn.wait()
        self.app.stage.watchers.remove(drawn.set)

    def widget(self, drive_id: str) -> Touchable:
        found = [one for one in touchables(self.app.stage) if one.drive_id == drive_id]
        assert found, f"no {drive_id} on the screen"
        return found[0]

    def finger_on(self, drive_id: str, *, across: float = 0.5, up: float = 0.5) -> FingerTouch:
        widget = self.widget(drive_id)
        x, y = widget.to_window(widget.x + widget.width * across, widget.y + widget.height * up)
        return FingerTouch(x, y)

    async def tap(self, drive_id: str) -> None:
        bring_into_view(self.widget(drive_id))
        await self.frame()
        acted = asyncio.Event()
        self.widget(drive_id).fbind("on_act", lambda *_: acted.set())
        HAND.forget()
        finger = self.finger_on(drive_id)
        finger.down()
        finger.up()
        async with asyncio.timeout(LONGEST_WAIT_S):
            await acted.wait()

    def key(self, code: int, *modifiers: str) -> None:
        HAND.forget()
        Window.dispatch("on_key_down", code, 0, None, list(modifiers))


async def run(theme: Theme, size: tuple[int, int] = DEFAULT_SIZE) -> AsyncIterator[Running]:
    engine = RecordingEngine()
    app = CircletApp(engine, theme)
    task = asyncio.create_task(app.async_run(async_lib="asyncio"))
    async with asyncio.timeout(LONGEST_WAIT_S):
        await engine.started.wait()
    Window.system_size = size
    yield Running(app, engine)
    app.stop()
    async with asyncio.timeout(LONGEST_WAIT_S):
        await task
