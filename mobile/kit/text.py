"""Text: wrapped to the width it has, or shrunk to fit where a figure must stay whole."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.uix.label import Label

from mobile.kit.script import drawn_font, drawn_line, drawn_lines
from mobile.kit.theme import FIGURE_FONT, TEXT_FONT, Theme
from mobile.kit.tokens import Rgba
from mobile.language.ordering import reads_from_the_right

LINE_BOX = 1.32
"""Height of a line of Atkinson Hyperlegible Next, in font sizes (1.3 by its metrics)."""


@lru_cache(maxsize=2048)
def natural_width_px(text: str, *, font: str, size_px: float) -> float:
    """Width of the text on one line."""
    core = CoreLabel(font_name=drawn_font(text, font), font_size=size_px)
    lines = (drawn_line(line) for line in text.split("\n"))
    return max((float(core.get_extents(line)[0]) for line in lines), default=0.0)


def longest_word_px(text: str, *, font: str, size_px: float) -> float:
    """Width of the widest word: no line can be narrower without breaking it.

    A space that doesn't break a line is part of its word.
    """
    words = text.replace("\n", " ").split(" ")
    return max(natural_width_px(word, font=font, size_px=size_px) for word in words)


def fitting_size_px(wanted_px: float, width_px: float, measure: Callable[[float], float]) -> float:
    """The greatest size up to the one wanted at which ``measure`` stays within the width.

    Fonts come in whole pixels, so that a width isn't exactly proportional to a size.
    """
    widest = measure(wanted_px)
    if widest <= width_px or width_px < 1:
        return wanted_px
    size_px = max(1, math.floor(wanted_px * width_px / widest))
    while size_px > 1 and measure(size_px) > width_px:
        size_px -= 1
    return float(size_px)


class Words(Label):
    """A label that also draws words which read from the right; ``text`` is as it's read."""

    def __init__(self, theme: Theme, **label: Any) -> None:
        self._from_the_right = theme.mirrored
        super().__init__(**label)

    def texture_update(self, *_: object) -> None:
        """Kivy's own, over the letters, lines and font that are to be drawn."""
        text, core = str(self.text), self._label
        core.options["font_name"] = drawn_font(text, self.font_name)
        if reads_from_the_right(text):
            width_px = math.inf if self.text_size[0] is None else float(self.text_size[0])
            core.text = drawn_lines(
                text, width_px, self._line_width_px, from_the_right=self._from_the_right
            )
        else:
            core.text = drawn_line(text)
        super().texture_update()

    def _line_width_px(self, line: str) -> float:
        return natural_width_px(line, font=self.font_name, size_px=self.font_size)


class Text(Words):
    """Words that wrap to the width given and take the height they need.

    A word that is wider than the line shrinks the whole text until it fits, so that none is cut.
    """

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        size: str = "body",
        bold: bool = False,
        colour: Rgba | None = None,
        align: str | None = None,
    ) -> None:
        self.wanted_px = theme.text_px(size)
        super().__init__(
            theme,
            text=text,
            font_name=TEXT_FONT[bold],
            font_size=self.wanted_px,
            color=colour or theme.colour("ink"),
            halign=align or theme.start,
            valign="top",
            size_hint_y=None,
        )
        self.bind(width=self._wrap, text=self._wrap)
        self.bind(texture_size=self._take_height)
        self._wrap()

    def natural_width_px(self) -> float:
        return natural_width_px(self.text, font=self.font_name, size_px=self.wanted_px)

    def height_at(self, width_px: float) -> float:
        """About how high it stands in a width, by breaking its lines word by word."""
        if not self.text:
            return 0.0
        lines, line = 1, ""
        for word in self.text.split():
            longer = f"{line} {word}" if line else word
            if line and self._line_px(longer) > width_px:
                lines, line = lines + 1, word
            else:
                line = longer
        return lines * self.wanted_px * LINE_BOX

    def _line_px(self, line: str) -> float:
        return natural_width_px(line, font=self.font_name, size_px=self.wanted_px)

    def least_width_px(self) -> float:
        return self._longest_word_px(self.wanted_px)

    def _longest_word_px(self, size_px: float) -> float:
        return longest_word_px(self.text, font=self.font_name, size_px=size_px)

    def _wrap(self, *_: object) -> None:
        self.font_size = fitting_size_px(self.wanted_px, self.width, self._longest_word_px)
        self.text_size = (self.width, None)

    def _take_height(self, *_: object) -> None:
        self.height = self.texture_size[1]


class FitText(Words):
    """One line as large as asked, or as large as the room allows."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        size: str,
        colour: Rgba | None = None,
        font: str = TEXT_FONT[True],
        align: str = "center",
    ) -> None:
        self.wanted_px = theme.text_px(size)
        super().__init__(
            theme,
            text=text,
            font_name=font,
            font_size=self.wanted_px,
            color=colour or theme.colour("ink"),
            halign=align,
            valign="middle",
            size_hint_y=None,
        )
        self.bind(width=self._fit, text=self._fit)
        self.bind(texture_size=self._take_height, size=self.setter("text_size"))
        self._fit()

    def natural_width_px(self) -> float:
        """Width at the size asked for."""
        return self._line_px(self.wanted_px)

    def want(self, size_px: float) -> None:
        """Ask for another size."""
        self.wanted_px = size_px
        self._fit()

    def _fit(self, *_: object) -> None:
        self.font_size = fitting_size_px(self.wanted_px, self.width, self._line_px)
        self.height = self.font_size * LINE_BOX

    def _line_px(self, size_px: float) -> float:
        return natural_width_px(self.text, font=self.font_name, size_px=size_px)

    def _take_height(self, *_: object) -> None:
        self.height = max(self.height, self.texture_size[1])


class TimerText(FitText):
    """A figure that runs: every digit has the same width, so that nothing jumps."""

    def __init__(
        self, theme: Theme, text: str, *, size: str = "figure", colour: Rgba | None = None
    ) -> None:
        super().__init__(theme, text, size=size, colour=colour, font=FIGURE_FONT)
