"""The keyboard's way through a screen: Tab moves, Enter acts, Space and Escape are STOP."""

from __future__ import annotations

from typing import Any

from mobile.kit.press import Touchable, bring_into_view, touchables
from mobile.screens.stage import Stage

TAB, ENTER, KEYPAD_ENTER, ESCAPE, SPACE = 9, 13, 271, 27, 32


class Keyboard:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def key_down(
        self, _window: Any, key: int, _scancode: int, _text: str | None, modifiers: list[str]
    ) -> bool:
        """True keeps the key from everything else. STOP is looked at first."""
        if key in (SPACE, ESCAPE) and self._stop():
            return True
        if key == TAB:
            self._move(-1 if "shift" in modifiers else 1)
            return True
        if key in (ENTER, KEYPAD_ENTER, SPACE):
            return self._act()
        return key == ESCAPE

    def _stop(self) -> bool:
        page = self._stage.page
        if page is None or page.stop is None:
            return False
        page.stop.activate()
        return True

    def _reachable(self) -> list[Touchable]:
        return [
            widget
            for widget in touchables(self._stage)
            if not widget.disabled and widget.drive_id != "stop"
        ]

    def _move(self, step: int) -> None:
        order = self._reachable()
        if not order:
            return
        at = next((n for n, widget in enumerate(order) if _has_focus(widget)), None)
        following = order[(at + step) % len(order)] if at is not None else order[min(step, 0)]
        for widget in order:
            _focus(widget, focused=widget is following)
        bring_into_view(following)

    def _act(self) -> bool:
        for widget in self._reachable():
            if _has_focus(widget) and not widget.takes_text:
                widget.activate()
                return True
        return False


def _has_focus(widget: Touchable) -> bool:
    return bool(widget.focus if widget.takes_text else widget.focused)


def _focus(widget: Touchable, *, focused: bool) -> None:
    if widget.takes_text:
        widget.focus = focused
    else:
        widget.focused = focused
