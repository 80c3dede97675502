"""The settings that are drawn: each pair of size, language, look and size of text comes together.

Nine of them do, by an orthogonal array of four columns with three values each; all combinations
would be 54.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "de", "ar")
LOOKS = ("light", "dark", "high")
TEXT_PERCENTS = (100, 200, 100)


@dataclass(frozen=True)
class Window:
    """A window's size in pixels, and how many of them are one dp."""

    name: str
    width: int
    height: int
    density: float


WINDOWS = (
    Window("phone", 540, 1200, 1.3125),
    Window("small", 360, 640, 1.0),
    Window("tablet", 1280, 800, 1.0),
)


@dataclass(frozen=True)
class Setting:
    """How all screens are drawn once."""

    window: Window
    language: str
    look: str
    text_percent: int

    @property
    def name(self) -> str:
        """For folders and headings."""
        return f"{self.window.name}-{self.language}-{self.look}-{self.text_percent}"


SETTINGS = tuple(
    Setting(
        WINDOWS[row],
        LANGUAGES[column],
        LOOKS[(row + column) % 3],
        TEXT_PERCENTS[(row + 2 * column) % 3],
    )
    for row in range(3)
    for column in range(3)
)
"""The first is the usual one: a phone, English, light, text as it is."""


def by_name(name: str) -> Setting:
    """Return the setting of that name; ``KeyError`` where there's none."""
    return {setting.name: setting for setting in SETTINGS}[name]
