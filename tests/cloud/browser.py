"""The dashboard on a real port, and a page of Chromium to look at it."""

import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from typing import Protocol

import uvicorn
from playwright.async_api import Browser, Page

from cloud.clock import Clock
from cloud.dashboard.app import create_app
from cloud.settings import Settings
from tests.chromium import chromium, new_tab


class Served(Protocol):
    """What a dashboard is made of: a world, or a clinic of pages."""

    @property
    def settings(self) -> Settings: ...

    @property
    def clock(self) -> Clock: ...


class ListeningServer(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def dashboard_of(world: Served) -> Iterator[str]:
    """Serve the world's dashboard; yields its origin."""
    bound = socket.create_server(("127.0.0.1", 0))
    origin = f"http://cloud.localhost:{bound.getsockname()[1]}"
    settings = world.settings.model_copy(update={"origin": origin})
    config = uvicorn.Config(create_app(settings, world.clock), log_level="warning")
    server = ListeningServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
    thread.start()
    try:
        assert server.listens.wait(10)
        yield origin
    finally:
        server.should_exit = True
        thread.join(10)


@asynccontextmanager
async def page_of(
    width: int = 1360, height: int = 820, dark: bool = False, *, browser: Browser | None = None
) -> AsyncIterator[Page]:
    """A page that has a passkey authenticator, of this Chromium or else of a fresh one."""
    size = {"width": width, "height": height}
    scheme = "dark" if dark else "light"
    async with (
        chromium() if browser is None else nullcontext(browser) as here,
        new_tab(here, viewport=size, color_scheme=scheme) as tab,
    ):
        yield tab.page
