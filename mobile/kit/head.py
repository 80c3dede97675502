"""The head of a page: title and subtitle, with a chip or the emergency button at its end."""

from __future__ import annotations

from enum import Enum

from kivy.metrics import dp
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from mobile.kit.button import PushButton
from mobile.kit.chip import ChipLabel
from mobile.kit.stack import Stack
from mobile.kit.text import LINE_BOX, Text
from mobile.kit.theme import Theme
from mobile.presenters.views import Chip

APART_DP = 10
WORTH_SHARE = 0.5
"""So much of a title's line must another form save before the side leaves its corner."""


class Form(Enum):
    """Where the side stands: beside all words, the title, or the subtitle; or below them all."""

    BESIDE_ALL = "all"
    BESIDE_TITLE = "title"
    BESIDE_SUBTITLE = "subtitle"
    BELOW = "below"


class Head(Stack):
    """``side`` keeps its natural width; on a narrow page the form of least height is taken."""

    def __init__(self, theme: Theme, side: ChipLabel | PushButton | None = None) -> None:
        super().__init__(spacing_dp=2)
        self.title = Text(theme, "", size="title", bold=True)
        self.title.keep_to_a_line(theme.title_least_px)
        self.subtitle = Text(theme, "", size="small", colour=theme.colour("ink_soft"))
        self._side = side
        self._words = Stack(spacing_dp=0)
        self._row = BoxLayout(size_hint_y=None, spacing=dp(APART_DP))
        self._mirrored, self._is_large = theme.mirrored, theme.is_large
        self._arranged: object = None
        if side is not None:
            side.size_hint_x = None
            side.pos_hint = {"center_y": 0.5}
            side.bind(width=self._arrange, height=self._heighten)
            if isinstance(side, PushButton):
                side.width = side.natural_width_px() + float(dp(2))
        for text in (self.title, self.subtitle, self._words):
            text.bind(height=self._heighten)
            text.pos_hint = {"center_y": 0.5}
        self.bind(width=self._arrange)
        self._arrange()

    @property
    def holds_targets(self) -> bool:
        """Whether a button stands in it."""
        return isinstance(self._side, PushButton)

    def say(self, title: str, subtitle: str, chip: Chip | None = None) -> None:
        if chip is not None and isinstance(self._side, ChipLabel):
            self._side.say(chip)
        self.title.text = title
        self.subtitle.text = subtitle
        self._arrange()

    def _arrange(self, *_: object) -> None:
        form, has_subtitle = self._form(), bool(self.subtitle.text)
        if (form, has_subtitle) != self._arranged:
            self._arranged = (form, has_subtitle)
            self._put(form, has_subtitle=has_subtitle)
        self._heighten()

    def _put(self, form: Form, *, has_subtitle: bool) -> None:
        for column in (self, self._words, self._row):
            column.clear_widgets()
        within = has_subtitle and form in (Form.BESIDE_ALL, Form.BELOW)
        words: list[Widget] = [self.title, self.subtitle] if within else [self.title]
        for text in words:
            self._words.add_widget(text)
        is_beside_words = form in (Form.BESIDE_ALL, Form.BESIDE_TITLE)
        is_beside_subtitle = has_subtitle and form is Form.BESIDE_SUBTITLE
        other: Widget = self.subtitle if is_beside_subtitle else Widget()
        beside: Widget = self._words if is_beside_words else other
        parts: list[Widget] = [beside] if self._side is None else [beside, self._side]
        for part in reversed(parts) if self._mirrored else parts:
            self._row.add_widget(part)
        column = {
            Form.BESIDE_ALL: [self._row],
            Form.BESIDE_TITLE: [self._row, self.subtitle] if has_subtitle else [self._row],
            Form.BESIDE_SUBTITLE: [self._words, self._row],
            Form.BELOW: [self._words, self._row],
        }
        for part in column[form]:
            self.add_widget(part)

    def _heighten(self, *_: object) -> None:
        fixed = [part.height for part in self._row.children if part.size_hint_y is None]
        self._row.height = max(fixed, default=0)

    def _form(self) -> Form:
        side = self._side
        if side is None:
            return Form.BESIDE_ALL
        heights = self._heights_px(float(self.width), float(self.width - side.width - dp(APART_DP)))
        usual = heights.get(Form.BESIDE_ALL)
        least = min(heights, key=lambda form: heights[form])
        worth_px = self.title.wanted_px * LINE_BOX * WORTH_SHARE
        return Form.BESIDE_ALL if usual and usual <= heights[least] + worth_px else least

    def _heights_px(self, whole_px: float, beside_px: float) -> dict[Form, float]:
        """How high each form would be; one in which the side squeezes words into further lines,
        or makes them smaller, isn't one."""
        side_px = float(self._side.height) if self._side is not None else 0.0
        title_px, subtitle_px = self.title.height_at(whole_px), self.subtitle.height_at(whole_px)
        heights = {Form.BELOW: title_px + subtitle_px + side_px}
        has_room = not self._squeezes(self.subtitle, subtitle_px, beside_px)
        if has_room:
            heights[Form.BESIDE_SUBTITLE] = title_px + max(side_px, subtitle_px)
        if not self._squeezes(self.title, title_px, beside_px):
            heights[Form.BESIDE_TITLE] = max(side_px, title_px) + subtitle_px
            if has_room:
                heights[Form.BESIDE_ALL] = max(side_px, title_px + subtitle_px)
        return heights

    def _squeezes(self, words: Text, whole_px: float, beside_px: float) -> bool:
        """Whether the words would become smaller beside the side; in large text also whether they
        would take more lines."""
        breaks = self._is_large and words.height_at(beside_px) > whole_px + 1
        return breaks or words.least_width_px() > beside_px
