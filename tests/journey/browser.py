"""The clinician's Chromium: one tab whose authenticator keeps both of their passkeys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.chromium import Tab, chromium, new_tab

SIZE = {"width": 1360, "height": 900}
Browser = Tab


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Chromium with one tab."""
    async with chromium() as browser, new_tab(browser, viewport=SIZE) as tab:
        yield tab
