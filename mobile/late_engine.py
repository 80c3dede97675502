"""Stands before the engine while its parts are loaded, in a thread beside the first view.

A touch on the first view waits for the engine, but Emergency shows its page at once.
"""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from mobile.app import Engine
from mobile.language import _
from mobile.presenters.actions import Action, Press, dialled_by
from mobile.presenters.appearance import Appearance
from mobile.presenters.views import HelpView, MessageView, TodayView, Tone, View

log = logging.getLogger(__name__)

LOAD_LIMIT_S = 120.0


class NotLoaded(Exception):
    """The engine's parts weren't there in time, or can't be loaded."""


class LateEngine:
    """``load`` imports and builds the engine. ``help_page`` is what Emergency shows till then."""

    def __init__(self, load: Callable[[], Engine], first: View, help_page: View | None) -> None:
        self._load = load
        self._first, self._help_page = first, help_page
        self._lock = threading.Lock()
        self._loaded = threading.Event()
        self._engine: Engine | None = None
        self._thread: threading.Thread | None = None
        self._waiting: list[Action] = []
        self._lives = False
        self._shows_help = False
        self._show: Callable[[View], None] = lambda _view: None
        self._wear: Callable[[Appearance], None] = lambda _look: None

    def subscribe(self, callback: Callable[[View], None]) -> None:
        """Call back with each view."""
        self._show = callback

    def subscribe_look(self, callback: Callable[[Appearance], None]) -> None:
        """Call back with each look."""
        self._wear = callback

    def start(self) -> None:
        """Begin to load; the engine's first view follows."""
        self._thread = threading.Thread(target=self._bring, name="loading", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the engine, if it's there."""
        if self._thread is not None:
            self._thread.join(LOAD_LIMIT_S)
        if self._engine is not None:
            self._engine.stop()

    def act(self, action: Action) -> None:
        """Take what a person did; before the engine's first view it waits for it."""
        with self._lock:
            engine = self._engine if self._lives else None
            if engine is None:
                self._act_before(action)
        if engine is not None:
            engine.act(action)

    def drive(self, name: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Do what a test script asks, as soon as the engine is there."""
        if not self._loaded.wait(LOAD_LIMIT_S) or self._engine is None:
            raise NotLoaded("the engine isn't there")
        return self._engine.drive(name, arguments)

    def _act_before(self, action: Action) -> None:
        if action == Press("help") and self._help_page is not None:
            self._shows_help = True
            self._show(self._help_page)
        elif self._shows_help and isinstance(action, Press) and not dialled_by(action.button):
            self._shows_help = False
            self._show(self._first)
        else:
            self._waiting.append(action)

    def _bring(self) -> None:
        try:
            engine = self._load()
            # What is loaded stays: looking all of it through for garbage takes tenths of a second,
            # and a touch on STOP would wait for that.
            gc.freeze()
            engine.subscribe_look(self._wear)
            engine.subscribe(self._take)
            self._engine = engine
            engine.start()
        except Exception:
            # A thread's exception is heard by nobody: it's said where the person looks.
            log.exception("the engine can't be loaded")
            self._show(_not_loaded())
        finally:
            self._loaded.set()

    def _take(self, view: View) -> None:
        """The engine lives from its first view on: what waited goes to it."""
        if self._lives:
            self._show(view)
            return
        with self._lock:
            self._lives = True
            waiting, self._waiting = self._waiting, []
        # Whoever reads the page for an emergency stays there; a session comes before it.
        stays = self._shows_help and isinstance(view, TodayView | HelpView)
        if stays:
            waiting.append(Press("help"))
        else:
            self._show(view)
        assert self._engine is not None
        for action in waiting:
            self._engine.act(action)


def _not_loaded() -> MessageView:
    return MessageView(
        _("Something is wrong"),
        _("The app can't start. Close it and open it again; the band isn't affected."),
        Tone.WAIT,
        None,
        None,
    )
