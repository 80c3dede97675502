"""The question of a page: as large as the room allows that its answers leave."""

from __future__ import annotations

from mobile.kit.text import Text
from mobile.kit.theme import Theme

SIZES = ("question", "body", "small")
"""The largest first. Each grows with the size of text that the person chose."""


class Question(Text):
    """Bold; the page chooses its size."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(theme, text, size=SIZES[0], bold=True)
        self._theme = theme

    def take_size(self, size: str) -> None:
        """Wear the size, and know the height of it at once."""
        wanted_px = self._theme.text_px(size)
        if wanted_px != self.wanted_px:
            self.wanted_px = wanted_px
            self._wrap()
            self.texture_update()
