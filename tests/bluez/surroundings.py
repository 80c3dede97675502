"""What the guest's phone meets, on this machine: clock, radio, band, a hand at the band's switch.

The processes are those that anybody runs. The phone asks by HTTP for what only this machine can do:
take the band's bonds away, change their key. Not for the guest itself.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from tests.bluez.given import Ports, write_keys, write_ports
from tests.campaign.kill.stand import UNHURRIED, Made
from tests.journey.processes import Process, free_ports, start
from tests.shared.clinic import NOW_S

STEP_MS = 160
"""A burst in each step of the clock, as in the campaign's power cuts."""


class Surroundings:
    """Everything but the phone; make it with `open_surroundings`."""

    def __init__(self, folder: Path, exchange: Path) -> None:
        self._folder, self._exchange = folder, exchange
        self._state = folder / "band"
        self._identity = folder / "identity"
        self._band_port, self.hand_port = free_ports(2)
        self._token = secrets.token_urlsafe()
        self._band: Process | None = None
        self._clock: Process
        self._radio: Process

    @property
    def radio_port(self) -> int:
        """The controller for the guest."""
        return int(self._radio.ready["ports"][1])

    async def open(self) -> None:
        made = Made()
        made.write_identity(self._identity)
        write_keys(made.clinic, made.device, self._exchange)
        begin = datetime.fromtimestamp(NOW_S, UTC).isoformat()
        pace = ("--rate", str(UNHURRIED), "--step-ms", str(STEP_MS))
        self._clock = await self._start("clock", "circlet-clock", "--start-wall", begin, *pace)
        self._radio = await self._start("radio", "circlet-radio", "--port", "0", "--port", "0")
        await self.switch_on()
        ports = Ports(
            clock=self._clock.ready["port"],
            radio_control=self._radio.ready["control_port"],
            band_control=self._band_port,
            band_token=self._token,
            hand=self.hand_port,
        )
        write_ports(ports, self._exchange)

    async def switch_on(self) -> None:
        self._band = await self._start(
            "emulator",
            "circlet-emulator",
            "--log-level",
            "INFO",
            "run",
            "--radio",
            f"127.0.0.1:{self._radio.ready['ports'][0]}",
            "--control-port",
            str(self._band_port),
            "--control-token",
            self._token,
            "--state",
            str(self._state),
            "--identity",
            str(self._identity),
            "--clock",
            f"127.0.0.1:{self._clock.ready['port']}",
        )

    async def switch_off(self) -> None:
        if self._band is not None:
            band, self._band = self._band, None
            await band.end()

    async def close(self) -> None:
        await self.switch_off()
        await self._radio.end()
        await self._clock.end()

    # What only this machine can do

    def hand(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.post("/forget", self._forget),
                web.post("/change-key", self._change_key),
            ]
        )
        return app

    async def _forget(self, request: web.Request) -> web.Response:
        """The band loses its bonds while it's off."""
        await self.switch_off()
        (self._state / "radio" / "bonds.json").unlink()
        await self.switch_on()
        return web.json_response({"ok": True})

    async def _change_key(self, request: web.Request) -> web.Response:
        """The band has another key for each phone, as if it had been paired anew elsewhere."""
        await self.switch_off()
        path = self._state / "radio" / "bonds.json"
        bonds = json.loads(path.read_text())
        for phones in bonds.values():
            for keys in phones.values():
                keys["ltk"]["value"] = bytes(
                    byte ^ 0xFF for byte in bytes.fromhex(keys["ltk"]["value"])
                ).hex()
        path.write_text(json.dumps(bonds))
        await self.switch_on()
        return web.json_response({"ok": True})

    async def _start(self, name: str, *command: str) -> Process:
        return await start(name, *command, log=self._folder / "logs" / f"{name}.log")


@asynccontextmanager
async def open_surroundings(folder: Path, exchange: Path) -> AsyncIterator[Surroundings]:
    """Start clock, radio and band, and listen for the guest."""
    surroundings = Surroundings(folder, exchange)
    await surroundings.open()
    runner = web.AppRunner(surroundings.hand(), access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", surroundings.hand_port).start()
        yield surroundings
    finally:
        await runner.cleanup()
        await surroundings.close()
