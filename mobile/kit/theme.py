"""The look that every widget is built with: colours by name, sizes in pixels, fonts by weight."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from kivy.metrics import dp, sp

from mobile.kit.tokens import FOLDER, Look, Rgba, Tokens, mixed, read_tokens
from mobile.presenters.appearance import (
    GREATEST_TEXT_PERCENT,
    LEAST_TEXT_PERCENT,
    Appearance,
)
from mobile.presenters.views import Tone

FONTS = FOLDER / "fonts"
TEXT_FONT = {
    False: str(FONTS / "AtkinsonHyperlegibleNext-Regular.ttf"),
    True: str(FONTS / "AtkinsonHyperlegibleNext-Bold.ttf"),
}
ARABIC_FONT = {
    False: str(FONTS / "CircletArabic-Regular.ttf"),
    True: str(FONTS / "CircletArabic-Bold.ttf"),
}
FIGURE_FONT = str(FONTS / "CircletFigures-Bold.ttf")

LEAST_TEXT_SCALE, GREATEST_TEXT_SCALE = LEAST_TEXT_PERCENT / 100, GREATEST_TEXT_PERCENT / 100


EMPTY_SHARE, EDGE_SHARE = 0.2, 0.75
"""How much ink an empty part has, and how much soft ink an outline: 3:1 to their grounds."""

FULLY_SCALED_SP, HARDLY_SCALED_SP, LEAST_SHARE = 20, 40, 0.1


LARGE_TEXT = 1.3
"""Above this size of text a small screen shows about a third of a page."""


def scale_of(size_sp: float, text_scale: float) -> float:
    """Text to be read grows in full; what is large already grows less, as Android's own text does.

    So at 200 % the largest words still leave room for the others. The figures are our own choice.
    """
    beyond = (size_sp - FULLY_SCALED_SP) / (HARDLY_SCALED_SP - FULLY_SCALED_SP)
    share = min(1.0, max(LEAST_SHARE, 1.0 - beyond))
    return 1.0 + (text_scale - 1.0) * share


@dataclass(frozen=True)
class Theme:
    """``text_scale`` comes on top of the system's own font size; ``mirrored`` is right to left.

    ``still`` holds every picture that would otherwise move.
    """

    tokens: Tokens = field(default_factory=lambda: read_tokens(Look.LIGHT))
    text_scale: float = 1.0
    mirrored: bool = False
    calm: bool = False
    still: bool = False

    def __post_init__(self) -> None:
        if not LEAST_TEXT_SCALE <= self.text_scale <= GREATEST_TEXT_SCALE:
            raise ValueError(
                f"text_scale must lie within {LEAST_TEXT_SCALE} and {GREATEST_TEXT_SCALE}"
            )

    def without_red(self) -> Theme:
        """The theme beside STOP, where nothing else may be red."""
        return replace(self, calm=True)

    def colour(self, name: str) -> Rgba:
        return self.tokens.colours[name]

    def tone(self, tone: Tone) -> tuple[Rgba, Rgba]:
        """Text and ground of a tone."""
        if tone is Tone.PLAIN:
            return self.colour("teal_ink"), self.colour("teal_soft")
        name = "wait" if self.calm and tone is Tone.STOP else tone.value
        text = self.tokens.colours.get(f"{name}_text", self.colour(name))
        return text, self.colour(f"{name}_soft")

    def danger(self) -> Rgba:
        """Red as a text on paper or card."""
        return self.tokens.colours.get("stop_text", self.colour("stop"))

    def empty(self) -> Rgba:
        """What isn't done yet, beside what is: a line is as dark as that in high contrast."""
        ink, paper = self.colour("ink"), self.colour("paper")
        return mixed(ink, paper, EMPTY_SHARE) if self.is_high else self.colour("line")

    def edge(self) -> Rgba:
        """The outline by which an answer or a line to type into is found (WCAG 1.4.11)."""
        if self.is_high:
            return self.colour("line")
        return mixed(self.colour("ink_soft"), self.colour("card"), EDGE_SHARE)

    @property
    def is_high(self) -> bool:
        """Whether lines are as dark as letters."""
        return self.colour("line") == self.colour("ink")

    def text_px(self, size: str) -> float:
        wanted_sp = self.tokens.type_sp[size]
        return float(sp(wanted_sp)) * scale_of(wanted_sp, self.text_scale)

    def beside_text_px(self, size_dp: float) -> float:
        """Size of a mark that stands beside words: it grows as they do."""
        return float(dp(size_dp)) * self.text_scale

    @property
    def is_large(self) -> bool:
        """Whether what to do must come before what explains it, to be in sight."""
        return self.text_scale > LARGE_TEXT

    @property
    def title_least_px(self) -> float:
        """A title that has grown shrinks so far rather than take a second line."""
        return max(float(sp(self.tokens.type_sp["title"])), self.text_px("body"))

    @property
    def start(self) -> str:
        """The side that a line of text starts at."""
        return "right" if self.mirrored else "left"

    @property
    def end(self) -> str:
        return "left" if self.mirrored else "right"

    @property
    def button_px(self) -> float:
        return float(dp(self.tokens.button_dp))

    @property
    def card_radius_px(self) -> float:
        return float(dp(self.tokens.card_radius_dp))

    @property
    def button_radius_px(self) -> float:
        return float(dp(self.tokens.button_radius_dp))


def theme_of(appearance: Appearance) -> Theme:
    """Return the theme for what the person chose."""
    return Theme(
        read_tokens(appearance.contrast),
        appearance.text_percent / 100,
        appearance.mirrored,
        still=appearance.still,
    )
