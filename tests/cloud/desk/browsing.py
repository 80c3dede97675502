"""A tab at the desk that also keeps what the browser's console complained of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser

from tests import chromium

PATIENCE_MS = 15_000
FOLLOW = """fragment => {
    history.replaceState(null, "", location.pathname);
    document.getElementById("main").replaceChildren();
    location.hash = fragment;
}"""


@dataclass
class Tab(chromium.Tab):
    """One page with an authenticator of its own."""

    complaints: list[str] = field(default_factory=list)

    async def open(self, address: str) -> None:
        """Open an address afresh, also when only its fragment differs."""
        await self.page.goto("about:blank")
        await self.page.goto(address)
        await self.page.locator("#main h1").wait_for()

    async def show(self, address: str) -> None:
        """Give the desk that stands open another request, as a link in its tab does.

        It takes a tenth of what `open` takes, and does so only where the desk isn't open yet.
        """
        desk, _, fragment = address.partition("#")
        if self.page.url.partition("#")[0] != desk:
            await self.open(address)
        elif fragment:
            await self.page.evaluate(FOLLOW, fragment)
            await self.page.locator("#main h1").wait_for()

    async def text(self) -> str:
        """Return what the page's main part says."""
        return await self.page.locator("#main").inner_text()


@asynccontextmanager
async def tab(browser: Browser, **options: Any) -> AsyncIterator[Tab]:
    """Open a page in a profile of its own, with an authenticator."""
    zone = "Europe/Amsterdam"
    async with chromium.new_tab(browser, timezone_id=zone, **options) as plain:
        plain.context.set_default_timeout(PATIENCE_MS)
        made = Tab(plain.context, plain.page, plain.tools, plain.authenticator)
        made.page.on("console", lambda said: _keep(made, said.type, said.text))
        made.page.on("pageerror", lambda problem: made.complaints.append(str(problem)))
        yield made


def _keep(made: Tab, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        made.complaints.append(text)
