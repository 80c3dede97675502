"""Debian's Chromium for whatever test needs one, with passkey authenticators in software only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, BrowserContext, CDPSession, Page, async_playwright

PATH = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""CTAP 2.1, built in, verifies the person."""


@dataclass
class Tab:
    """One page in a profile of its own, with an authenticator."""

    context: BrowserContext
    page: Page
    tools: CDPSession
    authenticator: str

    async def verify_person(self, verified: bool) -> None:
        """Let the authenticator's look at the person succeed or fail from now on."""
        await self.tools.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self.authenticator, "isUserVerified": verified},
        )


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def new_tab(browser: Browser, **options: Any) -> AsyncIterator[Tab]:
    """Open a tab; ``options`` are those of a browser context."""
    context = await browser.new_context(**options)
    try:
        page = await context.new_page()
        tools = await context.new_cdp_session(page)
        yield Tab(context, page, tools, await _add_authenticator(tools))
    finally:
        await context.close()


async def _add_authenticator(tools: CDPSession) -> str:
    await tools.send("WebAuthn.enable", {"enableUI": False})
    made = await tools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return str(made["authenticatorId"])
