"""Whose finger presses the band's button, and whose eye reads its number."""

from __future__ import annotations

import asyncio
from typing import Protocol

from firmware_bridge.hand.asking import agrees, ask
from firmware_bridge.hand.surface import Surface

HOLD_MS = 3_200
"""Long enough to open pairing, which takes three seconds."""

LOOK_EVERY_S = 0.05
NUMBER_WITHIN_S = 20.0


class Hand(Protocol):
    """Somebody at the band."""

    async def hold(self) -> None:
        """Hold the button until pairing is open."""

    async def press(self) -> None:
        """Press the button and let go."""

    async def confirm_number(self, number: int) -> bool:
        """Compare the number on the band with this one, and press if they are the same."""


class EmulatedHand:
    """Presses through the control surface of an emulated band."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self.compared: tuple[int, str] | None = None

    async def hold(self) -> None:
        await self.surface.press(HOLD_MS)

    async def press(self) -> None:
        await self.surface.press()

    async def confirm_number(self, number: int) -> bool:
        shown = await self._number_shown()
        self.compared = (number, shown)
        if shown != f"{number:06}":
            return False
        await self.press()
        return True

    async def _number_shown(self) -> str:
        async with asyncio.timeout(NUMBER_WITHIN_S):
            while True:
                shown = str((await self.surface.state())["display"]).replace(" ", "")
                if shown.isdigit() and len(shown) == 6:
                    return shown
                await asyncio.sleep(LOOK_EVERY_S)


class AskedHand:
    """Asks the person at the terminal to do it."""

    async def hold(self) -> None:
        await ask("Hold the band's button for three seconds, then press Enter here. ")

    async def press(self) -> None:
        await ask("Press the band's button, then press Enter here. ")

    async def confirm_number(self, number: int) -> bool:
        same = await agrees(f"Does the band show {number // 1000:03} {number % 1000:03}?")
        if same:
            await self.press()
        return same
