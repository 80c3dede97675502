"""Debian's Chromium at the desk, with a passkey authenticator that exists in software only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000


@dataclass
class Tab:
    """One page with an authenticator of its own; what the console complained of is kept."""

    context: BrowserContext
    page: Page
    tools: CDPSession
    authenticator: str
    complaints: list[str] = field(default_factory=list)

    async def verify_person(self, verified: bool) -> None:
        """Let the authenticator's look at the person succeed or fail from now on."""
        await self.tools.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self.authenticator, "isUserVerified": verified},
        )

    async def open(self, address: str) -> None:
        """Open an address afresh, also when only its fragment differs."""
        await self.page.goto("about:blank")
        await self.page.goto(address)
        await self.page.locator("#main h1").wait_for()

    async def text(self) -> str:
        """Return what the page's main part says."""
        return await self.page.locator("#main").inner_text()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def tab(browser: Browser, **options: Any) -> AsyncIterator[Tab]:
    """Open a page in a profile of its own, with an authenticator."""
    context = await browser.new_context(timezone_id="Europe/Amsterdam", **options)
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = await context.new_page()
        tools = await context.new_cdp_session(page)
        made = Tab(context, page, tools, await _authenticator(tools))
        page.on("console", lambda said: _keep(made, said.type, said.text))
        page.on("pageerror", lambda problem: made.complaints.append(str(problem)))
        yield made
    finally:
        await context.close()


def _keep(made: Tab, kind: str, text: str) -> None:
    if kind in ("error", "warning"):
        made.complaints.append(text)


async def _authenticator(tools: CDPSession) -> str:
    await tools.send("WebAuthn.enable", {"enableUI": False})
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = await tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return str(made["authenticatorId"])
