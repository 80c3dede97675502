"""Which languages there are, which way each is read, and how each writes figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

LATIN_DIGITS = "0123456789"


class Direction(Enum):
    """Which way a language is read."""

    LEFT_TO_RIGHT = "ltr"
    RIGHT_TO_LEFT = "rtl"


@dataclass(frozen=True)
class Language:
    """``name`` is the language's own; ``digits`` are its figures from zero to nine."""

    code: str
    name: str
    direction: Direction = Direction.LEFT_TO_RIGHT
    digits: str = LATIN_DIGITS
    decimal_mark: str = "."
    group_mark: str = ","

    @property
    def is_mirrored(self) -> bool:
        """Whether pages are laid out from the right."""
        return self.direction is Direction.RIGHT_TO_LEFT


ENGLISH = Language("en", "English")
GERMAN = Language("de", "Deutsch", decimal_mark=",", group_mark=".")
ARABIC = Language(
    "ar",
    "العربية",
    Direction.RIGHT_TO_LEFT,
    digits="٠١٢٣٤٥٦٧٨٩",
    decimal_mark="٫",
    group_mark="٬",
)

LANGUAGES = {each.code: each for each in (ENGLISH, GERMAN, ARABIC)}
"""By code. English is the source: its words stand in the code, and it has no catalogue."""
