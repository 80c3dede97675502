"""Hands on mouse and keyboard: they act through the browser and count what they do.

The estimate is the keystroke-level model's, for somebody who knows the way and makes no mistake.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, Page

KEY_S = 0.28
POINT_S = 1.10
BUTTON_S = 0.20
HOME_S = 0.40
THINK_S = 1.35
"""Card, Moran, Newell 1980 and 1983: a key by an average typist who is no secretary, pointing with
a mouse, its button, a hand's way between mouse and keyboard, preparing a step. Read in a university
course's table of the model, not in the book."""


@dataclass
class Counted:
    """What hands did. A choice from a menu is two clicks; a text is one step, however long."""

    clicks: int = 0
    keys: int = 0
    steps: int = 0
    homings: int = 0

    @property
    def estimate_s(self) -> float:
        """Seconds of a practised person, the pages' own time left out."""
        return (
            self.clicks * (POINT_S + BUTTON_S)
            + self.keys * KEY_S
            + self.homings * HOME_S
            + self.steps * THINK_S
        )


class Hands:
    """One person's hands at one page. They begin at the mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.counted = page, Counted()
        self._at_mouse = True

    async def click(self, where: Locator) -> None:
        """Point and click."""
        self._move(to_mouse=True)
        self.counted.clicks += 1
        await where.click()

    async def choose(self, where: Locator, label: str) -> None:
        """Open a menu and take a line of it."""
        self._move(to_mouse=True)
        self.counted.clicks += 2
        await where.select_option(label=label)

    async def press(self, key: str) -> None:
        """Press one key."""
        self._move(to_mouse=False)
        self.counted.keys += 1
        await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Type where the cursor is."""
        self._move(to_mouse=False)
        self.counted.keys += len(text)
        await self.page.keyboard.type(text)

    async def replace(self, where: Locator, text: str) -> None:
        """Click into a field, take all of it, and type."""
        await self.click(where)
        await self.press("ControlOrMeta+a")
        await self.type(text)

    def _move(self, *, to_mouse: bool) -> None:
        self.counted.steps += 1
        if to_mouse is not self._at_mouse:
            self.counted.homings += 1
            self._at_mouse = to_mouse
