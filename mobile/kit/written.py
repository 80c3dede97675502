"""Words drawn straight onto a canvas, where a label of its own would be too much."""

from __future__ import annotations

import math

from kivy.core.text import Label as CoreLabel
from kivy.graphics import Color, InstructionGroup, Rectangle

from mobile.kit.script import drawn_font, drawn_line
from mobile.kit.theme import TEXT_FONT, Theme
from mobile.kit.tokens import Rgba


class Written:
    """One line of words, made once; ``size`` is a name of the theme's, of which a ``share``
    below 1 is taken where a line is too narrow."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        colour: Rgba,
        size: str = "small",
        bold: bool = False,
        share: float = 1.0,
    ) -> None:
        label = CoreLabel(
            text=drawn_line(text),
            font_name=drawn_font(text, TEXT_FONT[bold]),
            font_size=math.floor(theme.text_px(size) * share) if share < 1 else theme.text_px(size),
            color=(1, 1, 1, 1),
        )
        label.refresh()
        self._texture, self._colour = label.texture, colour
        self.width, self.height = (float(side) for side in label.texture.size)

    def put(self, group: InstructionGroup, left: float, bottom: float) -> None:
        """Draw it with its lower left corner there."""
        group.add(Color(*self._colour))
        group.add(
            Rectangle(
                texture=self._texture,
                pos=(round(left), round(bottom)),
                size=(self.width, self.height),
            )
        )
