"""Ways out of the app on a desktop: xdg-open hands an address to whatever opens such."""

from __future__ import annotations

import asyncio
import shutil
from urllib.parse import quote

from mobile.platform.errors import NotOpened
from mobile.platform.ways_out import checked, dialled

PROGRAM = "xdg-open"
_LIMIT_S = 10.0


class DesktopWaysOut:
    """One process each; it ends as soon as it has handed over."""

    def __init__(self, program: str | None = None) -> None:
        self._program = shutil.which(PROGRAM) if program is None else program

    async def dial(self, number: str) -> None:
        await self._hand_over(dialled(number), number)

    async def open(self, address: str) -> None:
        await self._hand_over(checked(address), address)

    async def hand_on(self, text: str) -> None:
        await self._hand_over(f"mailto:?body={quote(text)}", text)

    async def _hand_over(self, address: str, named: str) -> None:
        if self._program is None:
            raise NotOpened(named)
        try:
            process = await asyncio.create_subprocess_exec(
                self._program,
                address,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as problem:
            raise NotOpened(named) from problem
        try:
            async with asyncio.timeout(_LIMIT_S):
                failed = await process.wait() != 0
        except TimeoutError:
            # What it started is on the screen and keeps it waiting.
            return
        if failed:
            raise NotOpened(named)
