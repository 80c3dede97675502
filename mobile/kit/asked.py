"""The question of a page: as large as the room allows that its answers leave."""

from __future__ import annotations

from mobile.kit.text import Text
from mobile.kit.theme import Theme

SIZES = ("question", "body")
"""The largest first: a question never stands smaller than its answers and its reasons."""


class Question(Text):
    """Bold; the page chooses its size."""

    leads_in = True

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
