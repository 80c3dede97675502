"""What a script may do with the screen: touch, type, wait, look.

Called from the drive port's threads; all that concerns widgets runs on Kivy's thread, where each
condition is looked at once and then after every frame drawn, so that nothing polls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol, TypeVar

from kivy.clock import Clock
from kivy.core.window import Window

from mobile.kit.field import Entry
from mobile.kit.finger import FingerTouch
from mobile.kit.picture import save_picture
from mobile.kit.press import Touchable, bring_into_view, touchables
from mobile.kit.steady import HAND
from mobile.presenters.views import View, screen_of
from mobile.screens.keyboard import ENTER, ESCAPE, SPACE, TAB
from mobile.screens.stage import Stage

DEFAULT_TIMEOUT_S = 30.0
KEYS = {"tab": TAB, "enter": ENTER, "escape": ESCAPE, "space": SPACE}

Found = TypeVar("Found")
Request = Mapping[str, Any]


class DriveError(Exception):
    """A script asked for what a person couldn't do now."""


class Shown(Protocol):
    stage: Stage

    @property
    def newest(self) -> View | None: ...


class Driven:
    def __init__(self, app: Shown) -> None:
        self._app = app

    def tap(self, request: Request) -> dict[str, Any]:
        """Touches the widget once it stands on the screen, enabled; waits until it has acted."""
        wanted, timeout_s = _text(request, "id"), _timeout_s(request)
        acted: Future[None] = Future()

        def touch(widget: Touchable) -> None:
            def seen(*_: object) -> None:
                if not acted.done():
                    acted.set_result(None)

            widget.fbind("on_act", seen)
            _touch(widget)

        self._when(lambda: self._touchable(wanted), touch, timeout_s, f"no {wanted!r} to touch")
        try:
            acted.result(timeout_s)
        except TimeoutError:
            raise DriveError(f"{wanted!r} was touched and did nothing") from None
        return {"screen": self._app.stage.screen}

    def type(self, request: Request) -> dict[str, Any]:
        """Touches a field, empties it and types the text as the keyboard would."""
        wanted, text = _text(request, "id"), _text(request, "text")
        self.tap({"id": wanted, "timeout_s": _timeout_s(request)})

        def write(entry: Touchable) -> None:
            if not isinstance(entry, Entry):
                raise DriveError(f"{wanted!r} is no field to type into")
            entry.select_all()
            entry.delete_selection()
            Window.dispatch("on_textinput", text)

        self._when(lambda: self._touchable(wanted), write, _timeout_s(request), f"no {wanted!r}")
        return {}

    def key(self, request: Request) -> dict[str, Any]:
        name = _text(request, "key")
        if name not in KEYS:
            raise DriveError(f"keys are {', '.join(KEYS)}")

        def strike() -> None:
            HAND.forget()
            Window.dispatch("on_key_down", KEYS[name], 0, None, [])

        self._now(strike)
        return {}

    def wait(self, request: Request) -> dict[str, Any]:
        """Until a screen (and, if given, words on it) has been drawn."""
        screen, text = request.get("screen"), request.get("text")
        asked = f"screen {screen!r}" + (f" with {text!r}" if text else "")

        def there() -> View | None:
            view = self._drawn()
            if view is None or (screen is not None and screen_of(view) != screen):
                return None
            return view if text is None or text in _words(asdict(view)) else None

        self._when(there, lambda _: None, _timeout_s(request), f"{asked} did not come")
        return {"screen": self._app.stage.screen}

    def shot(self, request: Request) -> dict[str, Any]:
        """A picture under exactly this name, once the newest view has been drawn."""
        path = Path(_text(request, "path"))
        size = self._when(
            self._drawn, lambda _: save_picture(path), _timeout_s(request), "nothing was drawn"
        )
        return {"path": str(path), "size": list(size), "screen": self._app.stage.screen}

    def tree(self, _request: Request) -> dict[str, Any]:
        return {"widgets": self._now(lambda: [_described(w) for w in touchables(self._app.stage)])}

    def view(self, _request: Request) -> dict[str, Any]:
        """The newest view, word for word."""
        view = self._app.newest
        if view is None:
            return {"screen": None, "view": None}
        return {"screen": screen_of(view), "view": asdict(view)}

    def _drawn(self) -> View | None:
        """The newest view, if it is what stands on the screen."""
        stage, newest = self._app.stage, self._app.newest
        return newest if newest is not None and stage.drawn == newest == stage.view else None

    def _touchable(self, drive_id: str) -> Touchable | None:
        if self._drawn() is None:
            return None
        for widget in touchables(self._app.stage):
            if widget.drive_id == drive_id and not widget.disabled:
                return widget
        return None

    def _now(self, act: Callable[[], Found]) -> Found:
        return self._when(lambda: True, lambda _: act(), DEFAULT_TIMEOUT_S, "the screen hangs")

    def _when(
        self,
        condition: Callable[[], Any],
        act: Callable[[Any], Found],
        timeout_s: float,
        otherwise: str,
    ) -> Found:
        """Acts on Kivy's thread as soon as the condition gives something."""
        result: Future[Found] = Future()
        watchers = self._app.stage.watchers

        def look(*_: object) -> None:
            if result.done() or not (found := condition()):
                return
            try:
                result.set_result(act(found))
            except Exception as problem:
                result.set_exception(problem)

        def watch(_elapsed_s: float) -> None:
            watchers.append(look)
            look()

        def unwatch(_elapsed_s: float) -> None:
            if look in watchers:
                watchers.remove(look)

        Clock.schedule_once(watch, -1)
        try:
            return result.result(timeout_s)
        except TimeoutError:
            screen = self._app.stage.screen
            raise DriveError(f"{otherwise} within {timeout_s:g} s; on screen: {screen}") from None
        finally:
            Clock.schedule_once(unwatch, -1)


def _touch(widget: Touchable) -> None:
    """Down and up at the widget's middle, once the frame after scrolling has been laid out.

    A script's touches are each deliberate, however fast they follow each other.
    """
    bring_into_view(widget)

    def down(_elapsed_s: float) -> None:
        HAND.forget()
        finger = FingerTouch(*widget.to_window(*widget.center))
        finger.down()
        Clock.schedule_once(lambda _: finger.up(), 0)

    Clock.schedule_once(down, 0)


def _described(widget: Touchable) -> dict[str, Any]:
    x, y = widget.to_window(widget.x, widget.y)
    label = getattr(widget, "label", None)
    return {
        "id": widget.drive_id,
        "kind": type(widget).__name__,
        "text": str(getattr(label, "text", getattr(widget, "text", ""))),
        "enabled": not widget.disabled,
        "focused": bool(widget.focused),
        "box": [round(value) for value in (x, y, widget.width, widget.height)],
    }


def _words(value: Any) -> str:
    """All the words of a view, one a line."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "\n".join(_words(part) for part in value.values())
    if isinstance(value, tuple | list):
        return "\n".join(_words(part) for part in value)
    return ""


def _text(request: Request, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str):
        raise DriveError(f"{name!r} must be a text")
    return value


def _timeout_s(request: Request) -> float:
    value = request.get("timeout_s", DEFAULT_TIMEOUT_S)
    if not isinstance(value, int | float) or not 0 < value <= 3600:
        raise DriveError("'timeout_s' must lie within 0 and 3600")
    return float(value)
