"""The dashboard on a real port, and a real Chromium with a virtual authenticator."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from playwright.async_api import Page, async_playwright

from cloud.dashboard.app import create_app
from tests.cloud.worlds import World

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def dashboard_of(world: World) -> Iterator[str]:
    """Serve the world's dashboard; yields its origin."""
    bound = socket.create_server(("127.0.0.1", 0))
    origin = f"http://cloud.localhost:{bound.getsockname()[1]}"
    settings = world.settings.model_copy(update={"origin": origin})
    config = uvicorn.Config(create_app(settings, world.clock), log_level="warning")
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    assert server.listens.wait(10)
    yield origin
    server.should_exit = True
    thread.join(10)


@asynccontextmanager
async def chromium(width: int = 1360, height: int = 820, dark: bool = False) -> AsyncIterator[Page]:
    """A page of a fresh Chromium that has a passkey authenticator."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
        )
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("WebAuthn.enable")
        await session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "ctap2Version": "ctap2_1",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                }
            },
        )
        yield page
        await browser.close()
