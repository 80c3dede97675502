"""Opens pages in one browser: a tab for each visitor, signed in by the cookie."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from playwright.async_api import Browser, ConsoleMessage, Page, Response

from tests.chromium import new_tab
from tests.cloud.every_page.addresses import Address

ES256_ALONE = "pubKeyCredParams"
"""Chromium warns of a passkey that may be of one kind alone; a band checks that kind alone."""
EXCESS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1360, "height": 820}


class Visited(Protocol):
    """A clinic with a cookie for each of its visitors."""

    @property
    def cookies(self) -> Mapping[str, str]: ...


@dataclass
class Opened:
    """A visitor's tab at the dashboard, and what its console complained of."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    async def open(self, address: Address | str) -> Response:
        """Go to a page and wait until it stands there with its fonts."""
        path = address if isinstance(address, str) else address.path
        answer = await self.page.goto(f"{self.origin}{path}", wait_until="load")
        assert answer is not None
        await self.page.evaluate("document.fonts.ready")
        return answer

    async def become(self, cookie: str) -> None:
        """Go on as whoever has this cookie; as nobody without one."""
        await self.page.context.clear_cookies()
        if cookie:
            given = {"name": "circlet", "value": cookie, "url": self.origin}
            await self.page.context.add_cookies([given])  # type: ignore[list-item]

    async def wider_by(self, width: int) -> int:
        """Return by how many pixels the page is wider than a window of this width."""
        size = self.page.viewport_size
        assert size is not None
        await self.page.set_viewport_size({"width": width, "height": size["height"]})
        excess: int = await self.page.evaluate(EXCESS)
        await self.page.set_viewport_size(size)
        return excess

    def note(self, line: ConsoleMessage) -> None:
        """Keep what the console holds against the page."""
        if line.type in ("error", "warning") and ES256_ALONE not in line.text:
            self.complaints.append(f"{self.page.url}: {line.text}")


@asynccontextmanager
async def visiting(
    browser: Browser, origin: str, clinic: Visited, visitor: str, **options: Any
) -> AsyncIterator[Opened]:
    """Open a tab as this visitor; ``options`` are those of a browser context."""
    options = {"viewport": DESKTOP, "locale": "en-GB", **options}
    async with new_tab(browser, **options) as tab:
        opened = Opened(tab.page, origin)
        await opened.become(clinic.cookies[visitor])
        tab.page.on("console", opened.note)
        tab.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        yield opened


async def is_page(answer: Response) -> bool:
    """Return whether the answer is a whole page, not a part of one or a file."""
    kind = answer.headers.get("content-type", "")
    return kind.startswith("text/html") and (await answer.text()).lstrip().startswith("<!doctype")
