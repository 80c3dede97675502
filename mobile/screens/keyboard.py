"""The keyboard's way through a screen: Tab and arrows move, Enter acts, Space and Escape are STOP.

Two switches need no more: one says Tab, the other Enter. With one switch the focus moves on by
itself (`scan`), and the switch says Enter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kivy.clock import Clock

from mobile.kit.press import Touchable, bring_into_view, touchables
from mobile.screens.stage import Stage

TAB, ENTER, KEYPAD_ENTER, ESCAPE, SPACE = 9, 13, 271, 27, 32
UP, DOWN, RIGHT, LEFT = 273, 274, 275, 276
STOP = "stop"


class Keyboard:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._scanning: Any = None
        self._turn = 0

    def key_down(
        self, _window: Any, key: int, _scancode: int, _text: str | None, modifiers: list[str]
    ) -> bool:
        """True keeps the key from everything else. STOP is looked at first."""
        if key in (SPACE, ESCAPE) and self._stop():
            return True
        if key == TAB:
            self._move(-1 if "shift" in modifiers else 1)
            return True
        if (step := self._arrow(key)) != 0:
            self._move(step)
            return True
        if key in (ENTER, KEYPAD_ENTER, SPACE):
            return self._act()
        return key == ESCAPE

    def scan(self, every_ms: int) -> None:
        """Move the focus on by itself from now on, each time after so long; 0 ends it."""
        if self._scanning is not None:
            self._scanning.cancel()
            self._scanning = None
        if every_ms > 0:
            self._scanning = Clock.schedule_interval(self.scan_on, every_ms / 1000)

    @property
    def is_scanning(self) -> bool:
        """Whether the focus moves by itself."""
        return self._scanning is not None

    def scan_on(self, _elapsed_s: float = 0.0) -> None:
        """Go to the next; where STOP stands, every other step is STOP's, so that it's never far."""
        order = self._order()
        others = [widget for widget in order if widget.drive_id != STOP]
        panel = next((widget for widget in order if widget.drive_id == STOP), None)
        if panel is not None and others:
            order = [each for other in others for each in (panel, other)]
        if order:
            self._turn = (self._turn + 1) % len(order)
            self._focus_on(order[self._turn])

    def _stop(self) -> bool:
        page = self._stage.page
        if page is None or page.stop is None:
            return False
        page.stop.activate()
        return True

    def _arrow(self, key: int) -> int:
        """Return the step of an arrow; within a line to type into it moves the cursor instead."""
        if any(_has_focus(each) for each in self._order() if each.takes_text):
            return 0
        onward = LEFT if self._stage.is_mirrored else RIGHT
        backward = RIGHT if self._stage.is_mirrored else LEFT
        return {DOWN: 1, onward: 1, UP: -1, backward: -1}.get(key, 0)

    def _order(self) -> Sequence[Touchable]:
        return [widget for widget in touchables(self._stage) if not widget.disabled]

    def _move(self, step: int) -> None:
        order = self._order()
        if not order:
            return
        at = next((n for n, widget in enumerate(order) if _has_focus(widget)), None)
        following = order[(at + step) % len(order)] if at is not None else order[min(step, 0)]
        self._focus_on(following)

    def _focus_on(self, following: Touchable) -> None:
        for widget in self._order():
            _focus(widget, focused=widget is following)
        bring_into_view(following)
        # Late: the first screen is drawn before anybody moves through it.
        from mobile.kit.heard import heard

        self._stage.say(heard(following))

    def _act(self) -> bool:
        for widget in self._order():
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
