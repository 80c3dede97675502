"""Text: wrapped to the width it has, or shrunk to fit where a figure must stay whole."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.uix.label import Label

from mobile.kit.script import drawn_font, drawn_line, drawn_lines, runs_from_the_right
from mobile.kit.theme import FIGURE_FONT, TEXT_FONT, Theme
from mobile.kit.tokens import Rgba
from mobile.language.ordering import reads_from_the_right

LINE_BOX = 1.32
"""Height of a line of Atkinson Hyperlegible Next, in font sizes (1.3 by its metrics)."""
_ENDS_OF_SENTENCES = (".", "?", "!", ":", "؟", "…")
HYPHEN = re.compile(r"(?<=[^\W\d_]-)(?=[^\W\d_])")
"""Between a hyphen and a letter, where a word of words may break."""


@lru_cache(maxsize=2048)
def natural_width_px(text: str, *, font: str, size_px: float) -> float:
    """Width of the text on one line."""
    core = CoreLabel(font_name=drawn_font(text, font), font_size=size_px)
    lines = (drawn_line(line) for line in text.split("\n"))
    return max((float(core.get_extents(line)[0]) for line in lines), default=0.0)


def line_height_px(text: str, *, font: str, size_px: float) -> float:
    """Height of a line, as the font that has the text's letters says it."""
    core = CoreLabel(font_name=drawn_font(text, font), font_size=size_px)
    return float(core.get_extents(drawn_line(text))[1])


def longest_word_px(text: str, *, font: str, size_px: float) -> float:
    """Width of the widest word: no line can be narrower without breaking it.

    A space that doesn't break a line is part of its word; a hyphen ends one.
    """
    words = HYPHEN.sub(" ", text.replace("\n", " ")).split(" ")
    return max(natural_width_px(word, font=font, size_px=size_px) for word in words)


def broken_at_hyphens(text: str, width_px: float, measure: Callable[[str], float]) -> str:
    """Break the words that are wider than the width after their hyphens, and no others."""
    if "-" not in text:
        return text
    words = (
        HYPHEN.sub("\n", word) if measure(word) > width_px else word
        for word in re.split(r"([ \n])", text)
    )
    return "".join(words)


def lines_in(text: str, width_px: float, *, font: str, size_px: float) -> int:
    """Into how many lines a text breaks in a width, word by word."""

    def line_px(line: str) -> float:
        return natural_width_px(line, font=font, size_px=size_px)

    def count(paragraph: str) -> int:
        if line_px(paragraph) <= width_px:
            return 1
        lines, line = 1, ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and line_px(longer) > width_px:
                lines, line = lines + 1, word
            else:
                line = longer
        return lines

    return sum(count(part) for part in broken_at_hyphens(text, width_px, line_px).split("\n"))


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
            core.text = self._broken(drawn_line(text))
        super().texture_update()

    def _broken(self, line: str) -> str:
        """Kivy's own breaks at spaces."""
        if self.text_size[0] is None:
            return line
        return broken_at_hyphens(line, float(self.text_size[0]), self._line_width_px)

    def _line_width_px(self, line: str) -> float:
        return natural_width_px(line, font=self.font_name, size_px=self.font_size)


class Text(Words):
    """Words that wrap to the width given and take the height they need.

    A word that is wider than the line shrinks the whole text until it fits, so that none is cut.
    A heading ``leads_in`` to what follows in its column.
    Where no side is asked for, words stand at the page's, and sentences of several lines at their
    own language's.
    """

    leads_in = False

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
        self.wanted_px = self.asked_px = theme.text_px(size)
        self._line_least_px = math.inf
        self._page_start = theme.start if align is None else None
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
        return self.line_px_at(self.wanted_px)

    def line_px_at(self, size_px: float) -> float:
        """Width on one line in a size."""
        return natural_width_px(self.text, font=self.font_name, size_px=size_px)

    def word_px_at(self, size_px: float) -> float:
        """Width of its longest word in a size."""
        return self._longest_word_px(size_px)

    def want(self, size_px: float) -> None:
        """Ask for another size."""
        if size_px != self.wanted_px:
            self.wanted_px = size_px
            self._wrap()

    def keep_to_a_line(self, least_px: float) -> None:
        """Shrink so far, and no further, rather than break into lines."""
        self._line_least_px = least_px
        self._wrap()

    def height_at(self, width_px: float) -> float:
        """About how high it stands in a width, by breaking its lines word by word."""
        if not self.text:
            return 0.0
        line_px = fitting_size_px(self.wanted_px, width_px, self.line_px_at)
        if line_px >= min(self._line_least_px, self.wanted_px):
            return line_px * LINE_BOX
        font, size_px = self.font_name, self.wanted_px
        return lines_in(self.text, width_px, font=font, size_px=size_px) * size_px * LINE_BOX

    def least_width_px(self) -> float:
        return self._longest_word_px(self.wanted_px)

    def _longest_word_px(self, size_px: float) -> float:
        return longest_word_px(self.text, font=self.font_name, size_px=size_px)

    def _wrap(self, *_: object) -> None:
        size_px = fitting_size_px(self.wanted_px, self.width, self.line_px_at)
        is_a_line = size_px >= min(self._line_least_px, self.wanted_px)
        if not is_a_line:
            size_px = fitting_size_px(self.wanted_px, self.width, self._longest_word_px)
        self.font_size = size_px
        if self._page_start is not None:
            start = self._page_start
            self.halign = start if is_a_line else self._own_start(start)
        self.text_size = (self.width, None)

    def stand(self, side: str) -> None:
        """Stand at a side, whatever the language."""
        self._page_start = None
        self.halign = side

    def _own_start(self, page_start: str) -> str:
        text = str(self.text)
        if not text.endswith(_ENDS_OF_SENTENCES):
            return page_start
        return "right" if runs_from_the_right(text, page_does=self._from_the_right) else "left"

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
        self.wanted_px = self.asked_px = theme.text_px(size)
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
