"""Opens the control surface to those who may ask: where it listens, and what they need to know.

On loopback unless told otherwise. Not for what is asked.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from aiohttp import web

from firmware_bridge.emulator.control.app import control_app
from firmware_bridge.emulator.control.guard import LOCAL_NAME, Guard, is_address
from firmware_bridge.emulator.control.surface import Surface
from firmware_bridge.emulator.control.watching import Watch
from firmware_bridge.emulator.life import Life

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
CLOSES_WITHIN_S = 0.5


@dataclass(frozen=True)
class Opening:
    """Where to listen, 0 chooses a port; the token, empty makes one; a file for scripts."""

    port: int = 0
    host: str = LOOPBACK
    token: str = ""
    file: Path | None = None


@dataclass(frozen=True)
class Address:
    """How a run is reached: its port, its token, and an address that opens the page once."""

    port: int
    token: str
    page: str


@asynccontextmanager
async def open_surface(band: Life, watch: Watch, opening: Opening) -> AsyncIterator[Address]:
    """Listen until left."""
    if not is_loopback(opening.host):
        log.warning(
            "the control surface listens on %s, beyond this machine: whoever has its token "
            "commands the band, and nothing is encrypted on the way",
            opening.host,
        )
    guard = Guard(opening.token, opening.host)
    app = control_app(Surface(band, guard, watch), guard)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSES_WITHIN_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, opening.host, opening.port).start()
        port = runner.addresses[0][1]
        address = Address(
            port, guard.token, f"http://{named(opening.host)}:{port}{guard.new_link()}"
        )
        if opening.file is not None:
            write_for_owner(opening.file, json.dumps(asdict(address)))
        yield address
    finally:
        await runner.cleanup()


def is_loopback(host: str) -> bool:
    """Whether nobody beyond this machine can reach it."""
    return host == LOCAL_NAME or (is_address(host) and ipaddress.ip_address(host).is_loopback)


def named(host: str) -> str:
    """A host as addresses spell it; of one that listens everywhere, this machine."""
    if is_address(host) and ipaddress.ip_address(host).is_unspecified:
        return LOOPBACK
    return f"[{host}]" if ":" in host else host


def write_for_owner(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whatever lay there."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
