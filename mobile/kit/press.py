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


class Pressable(ButtonBehavior, BoxLayout, Touchable):
    """A box that acts once when touched and let go inside, and not again at once."""

    def __init__(self, theme: Theme, drive_id: str, act: Callable[[], None], **layout: Any) -> None:
        super().__init__(size_hint_y=None, **layout)
        self.theme = theme
        self.drive_id = drive_id
        self._act = act
        self._ring = FocusRing(self, theme.colour("ink"), theme.button_radius_px)
        self.bind(focused=self._show_focus)

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
