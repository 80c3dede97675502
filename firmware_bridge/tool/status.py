"""`circlet-device status`: what the band says of itself, once or as it changes."""

from __future__ import annotations

import argparse
import asyncio

from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table

from firmware_bridge.link import LinkState
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, seconds
from firmware_bridge.tool.reach import Band, open_band
from firmware_bridge.tool.voice import Voice, facts
from shared.dose.reasons import WORDS, ReasonCode
from shared.wire.operations import HelloResult
from shared.wire.status import Status

SUMMARY = "show what the band says of itself"
DESCRIPTION = (
    "Shows the band's state and why it is locked, if it is. --live goes on showing it as it "
    "changes, through lost links, until Ctrl-C; with --json that is one line a change."
)
PARENTS = (shared_options.on_air,)


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("--live", action="store_true", help="go on until Ctrl-C")
    parser.add_argument(
        "--for",
        dest="live_s",
        type=seconds,
        metavar="SECONDS",
        help="end a live view after so long",
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Show it."""
    async with open_band(options) as band:
        hello = await band.client.hello()
        if options.live:
            await _follow(band, hello, voice, options.live_s)
        else:
            status = band.connection.status
            voice.document({"hello": hello, "status": status})
            voice.show(picture(hello, status, band.connection.state))
    return Exit.DONE


async def _follow(band: Band, hello: HelloResult, voice: Voice, live_s: float | None) -> None:
    changed = asyncio.Event()
    leave = band.connection.watch_status(lambda _: changed.set())
    leave_states = band.connection.watch(lambda _: changed.set())
    try:
        async with asyncio.timeout(live_s):
            if voice.as_json:
                await _lines(band, voice, changed)
            else:
                await _panel(band, hello, voice, changed)
    except TimeoutError:
        return
    finally:
        leave()
        leave_states()


async def _lines(band: Band, voice: Voice, changed: asyncio.Event) -> None:
    while True:
        connection = band.connection
        voice.line({"link": connection.state, "status": connection.status})
        await changed.wait()
        changed.clear()


async def _panel(band: Band, hello: HelloResult, voice: Voice, changed: asyncio.Event) -> None:
    with Live(console=voice.out, auto_refresh=False) as live:
        while True:
            connection = band.connection
            live.update(picture(hello, connection.status, connection.state), refresh=True)
            await changed.wait()
            changed.clear()


def picture(hello: HelloResult, status: Status | None, link: LinkState) -> RenderableType:
    """One look at a band, for people."""
    rows = {
        "device": hello.device_id.hex(),
        "firmware": f"{hello.firmware}, protocol {hello.protocol_version}",
        "belongs to": (hello.initials or "somebody") if hello.provisioned else "nobody",
        "link": link.name.lower(),
    }
    if status is None:
        return facts("Band", rows)
    rows |= _condition(status) | _session(status)
    return Group(facts("Band", rows), _reasons(status))


def _condition(status: Status) -> dict[str, str]:
    worn = "worn" if status.contact and status.position_ok else "not worn as it should be"
    return {
        "state": status.state.name.lower() + (", firing" if status.firing else ""),
        "plan": f"serial {status.serial}" if status.serial else "none",
        "record": f"{status.head_number} records",
        "battery": f"{status.battery_percent} %",
        "coil": f"{status.coil_temperature_c} °C, {worn}",
        "clock": "trusted" if status.clock_trusted else "not trusted",
    }


def _session(status: Status) -> dict[str, str]:
    if status.session_id is None:
        return {}
    return {
        "session": status.session_id.hex(),
        "train": f"{status.train or 0} of {status.trains or 0}",
        "pulses": f"{status.charged_pulses or 0} of {status.planned_pulses or 0}",
    }


def _reasons(status: Status) -> RenderableType:
    if not status.reasons:
        return "[green]Nothing speaks against a session.[/]"
    table = Table(title="Locked", title_justify="left", show_header=False, box=None, padding=(0, 2))
    table.add_column(style="yellow", no_wrap=True)
    table.add_column()
    for reason in status.reasons:
        table.add_row(*_words(reason.code))
    return table


def _words(code: int) -> tuple[str, str]:
    try:
        known = ReasonCode(code)
    except ValueError:
        return str(code), "a reason of a newer firmware"
    return known.name, WORDS[known]
