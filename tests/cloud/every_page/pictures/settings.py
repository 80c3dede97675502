"""The settings that are drawn: each pair of width, language and look comes together.

Width has four values (a desk's screen, that screen at 200 % zoom, a phone, paper), the others two;
paper has no dark look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Width:
    """What a page is shown on, in CSS pixels; ``columns`` of a sheet, each ``picture_px`` wide."""

    name: str
    width: int
    height: int
    columns: int
    picture_px: int


DESK = Width("desk", 1360, 820, 3, 640)
ZOOM = Width("zoom", 640, 400, 4, 420)
"""A screen of 1280 x 800 at 200 %."""
PHONE = Width("phone", 390, 844, 6, 300)
PAPER = Width("paper", 718, 1040, 4, 420)
"""A4 between its margins, at 96 dots an inch."""


@dataclass(frozen=True)
class Setting:
    """How all pages are drawn once."""

    width: Width
    language: str
    look: Literal["light", "dark"]

    @property
    def name(self) -> str:
        """For folders and headings."""
        return f"pages-{self.width.name}-{self.language}-{self.look}"

    @property
    def options(self) -> dict[str, Any]:
        """The options of a browser's tab."""
        return {
            "viewport": {"width": self.width.width, "height": self.width.height},
            "locale": {"en": "en-GB", "de": "de-DE"}[self.language],
            "color_scheme": self.look,
            "reduced_motion": "reduce",
        }


SETTINGS = (
    Setting(DESK, "en", "light"),
    Setting(DESK, "de", "dark"),
    Setting(ZOOM, "en", "dark"),
    Setting(ZOOM, "de", "light"),
    Setting(PHONE, "en", "dark"),
    Setting(PHONE, "de", "light"),
    Setting(PAPER, "en", "light"),
    Setting(PAPER, "de", "light"),
)
