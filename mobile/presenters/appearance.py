"""How the app is to look, whatever it shows: the person's choice, which the kit draws."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEAST_TEXT_PERCENT, GREATEST_TEXT_PERCENT = 80, 200


class Contrast(StrEnum):
    """Light for the day, dark for the evening, high for eyes that see little."""

    LIGHT = "light"
    DARK = "dark"
    HIGH = "high"


@dataclass(frozen=True)
class Appearance:
    """``text_percent`` comes on top of the system's own size; ``mirrored`` is right to left.

    ``still`` asks for no movement beyond what the treatment itself shows. ``scan_ms`` above 0 moves
    the focus on by itself, each time after so long, for who has one switch.
    """

    contrast: Contrast = Contrast.LIGHT
    text_percent: int = 100
    mirrored: bool = False
    still: bool = False
    language: str = "en"
    scan_ms: int = 0

    def __post_init__(self) -> None:
        if not LEAST_TEXT_PERCENT <= self.text_percent <= GREATEST_TEXT_PERCENT:
            raise ValueError(
                f"text_percent must lie within {LEAST_TEXT_PERCENT} and {GREATEST_TEXT_PERCENT}"
            )
