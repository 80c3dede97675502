"""The Kivy app: hands the engine's newest view to the screen, and touches to the engine.

The engine lives on a thread and event loop of its own, so that Bluetooth and STOP never wait for
a frame. Nothing is decided here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window

from mobile.kit.theme import Theme, theme_of
from mobile.presenters.actions import Action, LookAway, LookBack
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import View
from mobile.screens.keyboard import Keyboard
from mobile.screens.stage import Stage


class Engine(Protocol):
    """What the app needs of ``mobile.engine``; all of it may be called from any thread."""

    def subscribe(self, callback: Callable[[View], None]) -> None:
        """Calls back with each view, from the engine's own thread."""

    def subscribe_look(self, callback: Callable[[Appearance], None]) -> None:
        """Calls back with each look, before the views that are to have it."""

    def act(self, action: Action) -> None:
        """Takes what a person did and returns at once."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Does what a test script asks; blocks until it is done."""


class CircletApp(App):
    """``when_drawn`` is called once, when the first view stands on the screen.

    ``first`` is shown before the engine starts, which then waits for it to be drawn.
    """

    title = "Circlet"
    use_kivy_settings = False

    def __init__(
        self,
        engine: Engine,
        theme: Theme,
        when_drawn: Callable[[], None] | None = None,
        first: View | None = None,
    ) -> None:
        super().__init__()
        self._engine = engine
        self._theme = theme
        self._when_drawn = when_drawn
        self._first = first
        self._newest: View | None = None
        self._look: Appearance | None = None
        self._worn: Appearance | None = None
        self._waiting = False
        self._lock = threading.Lock()
        self.stage = Stage(theme, engine.act)
        self.keyboard = Keyboard(self.stage)

    @property
    def newest(self) -> View | None:
        """The newest view the engine gave, on the screen or about to be."""
        return self._newest

    def load_config(self) -> Any:
        """No settings file: the command line says it all."""
        return None

    def build(self) -> Stage:
        Window.clearcolor = self._theme.colour("paper")
        Window.softinput_mode = "below_target"
        Window.bind(on_flip=self.stage.frame_drawn, on_key_down=self.keyboard.key_down)
        Window.bind(on_minimize=self._look_away, on_restore=self._look_back)
        self.stage.watchers.append(self._first_drawn)
        if self._first is not None:
            self.stage.show(self._first)
        return self.stage

    def on_start(self) -> None:
        self._engine.subscribe_look(self.receive_look)
        self._engine.subscribe(self.receive)
        if self._first is None:
            self._engine.start()

    def on_pause(self) -> bool:
        """Out of sight on a phone; the engine goes on, and the window comes back as it was."""
        self._look_away()
        return True

    def on_resume(self) -> None:
        self._look_back()

    def on_stop(self) -> None:
        Window.unbind(on_flip=self.stage.frame_drawn, on_key_down=self.keyboard.key_down)
        Window.unbind(on_minimize=self._look_away, on_restore=self._look_back)
        self._engine.stop()

    def receive(self, view: View) -> None:
        """Takes a view from the engine's thread; of several before a frame only the last shows."""
        with self._lock:
            self._newest = view
        self._show_soon()

    def receive_look(self, look: Appearance) -> None:
        """Takes a look from the engine's thread; it's worn with the next view shown."""
        with self._lock:
            self._look = look
        self._show_soon()

    def _show_soon(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, True
        if not waiting:
            Clock.schedule_once(self._show_newest, -1)

    def _show_newest(self, _elapsed_s: float) -> None:
        with self._lock:
            self._waiting = False
            newest, look = self._newest, self._look
        if look is not None and look != self._worn:
            self._wear(look)
        if newest is not None and newest != self.stage.view:
            self.stage.show(newest)

    def _wear(self, look: Appearance) -> None:
        self._worn = look
        self._theme = theme_of(look)
        Window.clearcolor = self._theme.colour("paper")
        self.stage.wear(self._theme)
        self.keyboard.scan(look.scan_ms)

    def _look_away(self, *_window: object) -> None:
        self._engine.act(LookAway())

    def _look_back(self, *_window: object) -> None:
        self._engine.act(LookBack())

    def _first_drawn(self) -> None:
        if self.stage.drawn is None:
            return
        self.stage.watchers.remove(self._first_drawn)
        if self._when_drawn is not None:
            self._when_drawn()
        if self._first is not None:
            self._engine.start()
