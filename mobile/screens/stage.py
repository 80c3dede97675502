"""Shows one view at a time, and says when the newest one has really been drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.uix.boxlayout import BoxLayout

from mobile.kit.page import Page
from mobile.kit.press import touchables
from mobile.kit.theme import Theme
from mobile.presenters.actions import Action, Listen, Stop
from mobile.presenters.bar import more_below
from mobile.presenters.views import View, screen_of
from mobile.screens import layout_of
from mobile.screens.context import Context

SETTLING_FRAMES = 2
"""Text learns its height in the first frame that knows its width; the second shows it in place."""


class Stage(BoxLayout):
    """A page stands as long as views of its kind come; another kind gets a page of its own."""

    def __init__(self, theme: Theme, act: Callable[[Action], None]) -> None:
        super().__init__()
        self._theme = theme
        self._act = act
        self._context = Context(theme, act)
        self._frames_to_settle = 0
        self.page: Page | None = None
        self.view: View | None = None
        self.drawn: View | None = None
        self.watchers: list[Callable[[], None]] = []

    @property
    def screen(self) -> str | None:
        return None if self.view is None else screen_of(self.view)

    def show(self, view: View) -> None:
        if self.page is None or self.view is None or screen_of(view) != screen_of(self.view):
            self._context = Context(self._theme, self._act)
            self._build_page()
        self._show_on_page(view)

    def _build_page(self) -> None:
        self.page = Page(self._theme, self.stop, more_below())
        self.page.size = self.size
        self.clear_widgets()
        self.add_widget(self.page)

    def _show_on_page(self, view: View, focused: str | None = None) -> None:
        assert self.page is not None
        focused = focused or self._focused()
        self.view = view
        self.page.show(layout_of(view, self._context))
        self._focus_again(focused)
        self.redraw()

    def _focused(self) -> str | None:
        """What the keyboard is at, by its id: the widget itself may be made anew."""
        return next((each.drive_id for each in touchables(self) if each.focused), None)

    def _focus_again(self, drive_id: str | None) -> None:
        if drive_id is None or self._focused() is not None:
            return
        for widget in touchables(self):
            if widget.drive_id == drive_id:
                widget.focused = True
                return

    def wear(self, theme: Theme) -> None:
        """Takes another look: what stands there is built anew in it."""
        self._theme = theme
        self._context = Context(theme, self._act, dict(self._context.typed))
        if self.view is None:
            return
        focused = self._focused()
        self._build_page()
        self._show_on_page(self.view, focused)

    def on_touch_down(self, touch: Any) -> bool:
        """A finger takes the place of the keyboard's focus; STOP hears of it first all the same."""
        taken = bool(super().on_touch_down(touch))
        for widget in touchables(self):
            if widget.focused:
                widget.focused = False
        return taken

    def stop(self) -> None:
        self._act(Stop())

    def say(self, words: str) -> None:
        """The focus has come to these words."""
        if words:
            self._act(Listen(words))

    @property
    def is_mirrored(self) -> bool:
        """Whether the page reads from the right."""
        return self._theme.mirrored

    def redraw(self) -> None:
        """Counts the view as drawn only after the frames that follow."""
        self._frames_to_settle = SETTLING_FRAMES
        self.canvas.ask_update()

    def frame_drawn(self, *_: Any) -> None:
        if self._frames_to_settle > 1:
            self._frames_to_settle -= 1
            self.canvas.ask_update()
            return
        self._frames_to_settle = 0
        self.drawn = self.view
        for watcher in tuple(self.watchers):
            watcher()
