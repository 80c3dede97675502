"""The control surface: button, faults and a look inside, by HTTP on loopback.

It stands for hands, screwdrivers and a logic analyser; nothing of it exists on a real band. The
phone never speaks to it.
"""

from __future__ import annotations

import dataclasses
import enum
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from firmware_bridge.emulator.export import ledger_bytes
from firmware_bridge.emulator.faults.errors import FaultRefused
from firmware_bridge.emulator.life import Life
from firmware_bridge.emulator.shell import PRESS_MS
from shared.wire.ledger_file import Spelling

LONGEST_HOLD_MS = 60_000

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def control_app(shell: Life) -> web.Application:
    """Build the surface over a running band."""
    surface = ControlSurface(shell)
    app = web.Application(middlewares=[refuse_in_words])
    app.add_routes(
        [
            web.get("/state", surface.state),
            web.get("/ledger", surface.ledger),
            web.get("/ledger.jsonl", surface.ledger_file),
            web.get("/ledger.cbor", surface.ledger_file),
            web.post("/button", surface.button),
            web.post("/fault", surface.fault),
            web.post("/advertise", surface.advertise),
            web.post("/drop", surface.drop),
        ]
    )
    return app


class ControlSurface:
    """One method for each path."""

    def __init__(self, shell: Life) -> None:
        self._shell = shell

    async def state(self, request: web.Request) -> web.Response:
        """Everything there is to see."""
        return web.json_response(await look(self._shell))

    async def ledger(self, request: web.Request) -> web.Response:
        """Every record held, as hexadecimal."""
        first, last = self._shell.core.record_range()
        records = [
            {"number": number, "record": self._shell.core.record(number).hex()}
            for number in range(first, last + 1)
        ]
        return web.json_response({"first": first, "last": last, "records": records})

    async def ledger_file(self, request: web.Request) -> web.Response:
        """The ledger as a file for `circlet-verify`, in the spelling that the path names."""
        spelling = Spelling(request.path.rpartition(".")[2])
        return web.Response(
            body=ledger_bytes(self._shell.core, self._shell.board.identity, spelling),
            content_type="application/octet-stream",
        )

    async def button(self, request: web.Request) -> web.Response:
        """`{"press": true}`, or `{"hold_ms": n}` in the band's own time."""
        asked = await body(request)
        held_ms = asked.get("hold_ms", PRESS_MS)
        if type(held_ms) is not int or not 0 < held_ms <= LONGEST_HOLD_MS:
            raise FaultRefused("hold_ms", f"an integer from 1 to {LONGEST_HOLD_MS}")
        await self._shell.press(held_ms)
        return web.json_response({"ok": True})

    async def fault(self, request: web.Request) -> web.Response:
        """Set what the sensors feel, or break a part: see `firmware_bridge.emulator.faults`."""
        self._shell.faults.set(await body(request))
        return web.json_response({"ok": True})

    async def advertise(self, request: web.Request) -> web.Response:
        """Advertise anew, under a fresh address."""
        await self._shell.face.advertise()
        return web.json_response({"ok": not self._shell.face.connected})

    async def drop(self, request: web.Request) -> web.Response:
        """Break the present connection from the band's side."""
        return web.json_response({"ok": await self._shell.face.drop()})


@web.middleware
async def refuse_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what can't be done with 400 and a sentence."""
    try:
        return await handler(request)
    except FaultRefused as refusal:
        return web.json_response({"ok": False, "error": str(refusal)}, status=400)


async def body(request: web.Request) -> dict[str, Any]:
    """The request's JSON object; an empty body counts as an empty object."""
    text = await request.text()
    try:
        asked = json.loads(text or "{}")
    except ValueError as problem:
        raise FaultRefused("body", "JSON") from problem
    if not isinstance(asked, dict):
        raise FaultRefused("body", "a JSON object")
    return asked


async def look(shell: Life) -> dict[str, Any]:
    """The band's state as JSON."""
    board, core = shell.board, shell.core
    status = core.status()
    first, last = core.record_range()
    return {
        "display": core.display.text,
        "light": core.display.light,
        "state": status.state.name,
        "pairing_open": core.pairing_open,
        "connected": shell.face.connected,
        "bonds": len(await shell.face.bonds.get_all()),
        "coil": {
            "fired_total": board.coil.fired_total,
            "fired_since_load": board.coil.fired_since_load(),
            "countdown": board.coil.countdown,
        },
        "charged_pulses": status.charged_pulses,
        "counter": board.counter.read(),
        "battery_percent": status.battery_percent,
        "coil_temperature_c": round(board.temperature.celsius(), 2),
        "ledger": {"first": first, "last": last, "head": status.head_number},
        "backed_clock": plain(board.clock.read()),
        "status": plain(status),
        "boots": plain(shell.boots),
    }


def plain(value: Any) -> Any:
    """A value as JSON has it: bytes as hexadecimal, enums by name, dataclasses as objects."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    return value
