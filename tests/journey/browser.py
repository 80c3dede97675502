"""Debian's Chromium, with an authenticator that keeps the clinician's passkeys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 1360, "height": 900}


@dataclass
class Browser:
    """One tab with a virtual authenticator (CTAP 2.1, built in, verifies the person)."""

    context: BrowserContext
    page: Page
    tools: CDPSession
    authenticator: str

    async def verify_person(self, verified: bool) -> None:
        """Let the authenticator's look at the person succeed or fail."""
        await self.tools.send(
            "WebAuthn.setUserVerified",
            {"authenticatorId": self.authenticator, "isUserVerified": verified},
        )


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start Chromium with one tab."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            context = await chromium.new_context(viewport=SIZE)  # type: ignore[arg-type]
            page = await context.new_page()
            tools = await context.new_cdp_session(page)
            yield Browser(context, page, tools, await _authenticator(tools))
        finally:
            await chromium.close()


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
