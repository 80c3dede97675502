"""What can be touched: a stable id for scripts and tests, a keyboard focus, one act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from mobile.kit.paint import FocusRing
from mobile.kit.steady import HAND
from mobile.kit.theme import Theme


class Touchable(Widget):
    """Has a ``drive_id``; dispatches ``on_act`` when its act was forwarded."""

    __events__ = ("on_act",)
    drive_id = StringProperty("")
    focused = BooleanProperty(False)
    takes_text = False
    """Whether the keyboard writes into it: then it has Kivy's own focus."""

    def on_act(self) -> None:
        """Watched by who needs to know that a touch arrived."""

    def activate(self) -> None:
        """What Enter does."""
        raise NotImplementedError

    def target_px(self) -> tuple[float, float, float, float]:
        """Left, lower, right and upper edge in the window of where a finger is taken."""
        left, bottom = self.to_window(self.x, self.y)
        return left, bottom, left + float(self.width), bottom + float(self.height)


class Pressable(ButtonBehavior, BoxLayout, Touchable):
    """A box that acts once when touched and let go inside, and not again at once.

    ``slack_px`` at its sides and above and below takes no finger, so that what adjoins is apart.
    """

    slack_px = (0.0, 0.0)

    def __init__(self, theme: Theme, drive_id: str, act: Callable[[], None], **layout: Any) -> None:
        super().__init__(size_hint_y=None, **layout)
        self.theme = theme
        self.drive_id = drive_id
        self._act = act
        self._ring = FocusRing(self, theme.colour("ink"), theme.button_radius_px)
        self.bind(focused=self._show_focus)

    def target_px(self) -> tuple[float, float, float, float]:
        """Its box without the slack."""
        left, bottom, right, top = super().target_px()
        across, upward = self.slack_px
        return left + across, bottom + upward, right - across, top - upward

    def collide_point(self, x: float, y: float) -> bool:
        """Kivy asks so whether a finger is on it."""
        across, upward = self.slack_px
        return bool(
            self.x + across <= x <= self.right - across
            and self.y + upward <= y <= self.top - upward
        )

    def on_release(self) -> None:
        self.focused = False
        self.activate()

    def activate(self) -> None:
        if self.disabled or not HAND.admits():
            return
        self._act()
        self.dispatch("on_act")

    def _show_focus(self, *_: object) -> None:
        self._ring.show(visible=self.focused)


def touchables(root: Widget) -> Iterator[Touchable]:
    """All that can be touched below ``root``, in reading order."""
    for widget in root.walk(restrict=True):
        if isinstance(widget, Touchable) and widget.drive_id:
            yield widget


def bring_into_view(widget: Widget) -> None:
    """Scrolls the nearest scrolling ancestor so far that the widget shows."""
    ancestor = widget.parent
    while ancestor is not None and ancestor is not ancestor.parent:
        if isinstance(ancestor, ScrollView):
            ancestor.scroll_to(widget, animate=False)
            return
        ancestor = ancestor.parent
