"""The settings that pages are looked at in, so few that each page needs one: pairwise.

Language, scheme, width, size of letters and motion have two values each. Every pair of values of
two of them stands together in one of the six looks, and whatever look a page has in ``make test``,
the two that are added in ``make test-long`` complete it: German, dark, phone and 200 % have then
each judged every page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from playwright.async_api import Page

from tests.cloud.every_page.opening import DESKTOP, PHONE

LETTERS_PX = {"standard": 16, "fixed": 13}
"""A browser's own letters; who needs larger ones sets them there, for every page."""


@dataclass(frozen=True)
class Look:
    """How a page is looked at once; ``percent`` is the size of the browser's letters."""

    language: Literal["en", "de"]
    scheme: Literal["light", "dark"]
    width: Literal["desk", "phone"]
    percent: Literal[100, 200]
    motion: Literal["no-preference", "reduce"]

    def __str__(self) -> str:
        return f"{self.language} {self.scheme} {self.width} {self.percent} % {self.motion}"

    @property
    def options(self) -> dict[str, Any]:
        """The options of a browser's context."""
        return {
            "locale": {"en": "en-GB", "de": "de-DE"}[self.language],
            "color_scheme": self.scheme,
            "viewport": {"desk": DESKTOP, "phone": PHONE}[self.width],
            "reduced_motion": self.motion,
        }


LOOKS = (
    Look("en", "light", "desk", 100, "no-preference"),
    Look("de", "light", "desk", 200, "reduce"),
    Look("de", "dark", "desk", 100, "reduce"),
    Look("de", "dark", "phone", 100, "no-preference"),
    Look("en", "dark", "phone", 200, "no-preference"),
    Look("en", "light", "phone", 200, "reduce"),
)
"""The first is the plainest; of the others three in five have each value that isn't plain."""


def look_at(place: int) -> Look:
    """Return in which look the page at this place of the list is judged in ``make test``."""
    return LOOKS[place % len(LOOKS)]


def further_at(place: int) -> tuple[Look, Look]:
    """Return the two looks that complete it."""
    at, round_ = place % len(LOOKS), LOOKS[1:]
    if at == 0:
        return round_[0], round_[2]
    return round_[(at + 1) % len(round_)], round_[(at + 2) % len(round_)]


async def enlarge(page: Page, percent: int) -> None:
    """Set the size of the browser's letters, as a reader does in the browser's settings."""
    tools = await page.context.new_cdp_session(page)
    sizes = {name: px * percent // 100 for name, px in LETTERS_PX.items()}
    await tools.send("Page.setFontSizes", {"fontSizes": sizes})
    await tools.detach()
