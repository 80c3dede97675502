"""A line to type into, its name above it; it grows with what is typed, so that all is seen."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

from kivy.clock import Clock
from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.textinput import TextInput

from mobile.kit.paint import Ground
from mobile.kit.press import Touchable, bring_into_view
from mobile.kit.text import LINE_BOX, Text
from mobile.kit.theme import ARABIC_FONT, TEXT_FONT, Theme
from mobile.toolkit_style import import_rest

import_rest()

MOST_LINES = 8
"""A field that holds more scrolls within itself, so that its page can still be scrolled."""


class Entry(TextInput, Touchable):
    """The line itself; typed text goes to ``keep`` at once."""

    takes_text = True

    def __init__(
        self, theme: Theme, drive_id: str, keep: Callable[[str], None], *, lines: int = 1
    ) -> None:
        super().__init__(
            multiline=True,
            write_tab=False,
            cursor_blink=False,
            cursor_width=dp(2),
            cursor_color=theme.colour("teal"),
            background_normal="",
            background_active="",
            background_color=(0, 0, 0, 0),
            foreground_color=theme.colour("ink"),
            selection_color=(*theme.colour("teal")[:3], 0.3),
            font_name=(ARABIC_FONT if theme.mirrored else TEXT_FONT)[False],
            font_size=theme.text_px("body"),
            halign=theme.start,
            size_hint_y=None,
            padding=[dp(18), dp(14)],
        )
        self.drive_id = drive_id
        self._least_lines = lines
        self._least_px = self._room_px = theme.button_px
        self.bind(text=lambda _, text: keep(text))
        self.bind(line_height=self._make_room, minimum_height=self._make_room)
        self._make_room()

    def on_touch_down(self, touch: Any) -> bool:
        taken = bool(super().on_touch_down(touch))
        if taken and self.focus:
            self.dispatch("on_act")
        return taken

    def activate(self) -> None:
        self.focus = True

    def insert_text(self, substring: str, from_undo: bool = False) -> None:
        """What is one line only breaks where the field ends, and Enter leaves it."""
        if self._least_lines == 1 and "\n" in substring:
            if substring == "\n":
                self.focus = False
                return
            substring = substring.replace("\n", " ")
        super().insert_text(substring, from_undo)

    def begin(self, text: str, *, limit: int, secret: bool, digits: bool) -> None:
        """Set up what the line holds; what goes beyond the limit isn't taken."""
        self.text = text
        self.password = secret
        self.input_type = "number" if digits else "text"
        self.input_filter = partial(self._within, limit=limit, digits=digits)

    def _within(self, added: str, _undo: bool, *, limit: int, digits: bool) -> str:
        taken = "".join(letter for letter in added if letter.isdigit()) if digits else added
        return taken[: max(0, limit - len(self.text))]

    def _make_room(self, *_: object) -> None:
        """Kivy learns the height of a line late, and draws no line that has a pixel too little."""
        line_px = max(float(self.line_height), float(self.font_size) * LINE_BOX)
        lines = max(self._least_lines, min(self._typed_lines(), MOST_LINES))
        height_px = max(self._least_px, line_px * lines + float(dp(28)))
        grows, self._room_px = height_px > self._room_px, height_px
        self.height = height_px
        side_px = math.floor((height_px - line_px * lines) / 2) - 1
        self.padding = [dp(18), side_px]
        if grows and self.focus:
            Clock.schedule_once(lambda _: bring_into_view(self), 0)

    def _typed_lines(self) -> int:
        _left, above, _right, below = self.padding
        text_px = float(self.minimum_height) - float(above) - float(below)
        return round(text_px / max(1.0, float(self.line_height)))


class Frame(BoxLayout):
    """The box around a line: Kivy writes in the last colour painted on the line itself."""

    def __init__(self, theme: Theme, entry: Entry) -> None:
        super().__init__(size_hint_y=None, height=entry.height)
        self._theme = theme
        self._ground = Ground(self, theme.colour("card"), radius_px=theme.button_radius_px)
        self.add_widget(entry)
        entry.bind(focus=self._paint, height=self.setter("height"))
        self._paint()

    def _paint(self, _entry: object = None, focus: bool = False) -> None:
        border = self._theme.colour("teal") if focus else self._theme.edge()
        self._ground.paint(self._theme.colour("card"), border, float(dp(2)))


class TextField(BoxLayout):
    """``stands_apart`` keeps its name nearer to its own line than to another's."""

    stands_apart = holds_targets = True

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        drive_id: str,
        keep: Callable[[str], None],
        lines: int = 1,
    ) -> None:
        super().__init__(orientation="vertical", size_hint_y=None, spacing=dp(6))
        self.name = Text(theme, name, size="small", bold=True)
        self.entry = Entry(theme, drive_id, keep, lines=lines)
        self.add_widget(self.name)
        self.add_widget(Frame(theme, self.entry))
        for part in (self.name, self.entry):
            part.bind(height=self._take_height)
        self._take_height()

    def _take_height(self, *_: object) -> None:
        self.height = self.name.height + self.spacing + self.entry.height
