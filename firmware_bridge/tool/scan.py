"""`circlet-device scan`: which devices advertise near this computer."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass

from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from rich.table import Table

from firmware_bridge.link import BluetoothPort
from firmware_bridge.link.translation import link_errors
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, seconds
from firmware_bridge.tool.reach import open_way
from firmware_bridge.tool.voice import Voice
from shared.wire import gatt

SUMMARY = "list the devices that advertise"
DESCRIPTION = (
    "Listens for a while and lists who advertises. A band says a neutral name and nothing else; "
    "one that this computer is paired with is marked."
)
PARENTS = (shared_options.on_air,)


@dataclass(frozen=True)
class Heard:
    """A device as it advertises."""

    address: str
    name: str | None
    rssi_dbm: int
    services: tuple[str, ...]
    looks_like_a_band: bool
    paired: bool


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument(
        "--for",
        dest="listen_s",
        type=seconds,
        default=3.0,
        metavar="SECONDS",
        help="how long to listen (%(default)g)",
    )
    parser.add_argument("--all", action="store_true", help="list what can't be a band too")


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Listen and list."""
    async with open_way(options) as way:
        heard = await listen(way.bluetooth, options.listen_s, way.home.known_band)
    listed = [each for each in heard if options.all or each.looks_like_a_band]
    voice.document({"devices": listed})
    voice.show(_table(listed) if listed else "No band advertises here.")
    return Exit.DONE if listed else Exit.NO_DEVICE


async def listen(bluetooth: BluetoothPort, listen_s: float, paired: str | None) -> list[Heard]:
    """Everybody who advertised meanwhile, the nearest first."""
    found: dict[str, Heard] = {}

    def heard(device: BLEDevice, data: AdvertisementData) -> None:
        found[device.address] = Heard(
            device.address,
            data.local_name,
            data.rssi,
            tuple(data.service_uuids),
            data.local_name == gatt.ADVERTISED_NAME
            or gatt.STIMULATION_SERVICE in data.service_uuids
            or device.address == paired,
            device.address == paired,
        )

    with link_errors():
        async with bluetooth.scanner(heard):
            await asyncio.sleep(listen_s)
    return sorted(found.values(), key=lambda each: -each.rssi_dbm)


def _table(heard: list[Heard]) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2))
    for name in ("address", "name", "signal", ""):
        table.add_column(name)
    for each in heard:
        note = "paired" if each.paired else "" if each.looks_like_a_band else "no band"
        table.add_row(each.address, each.name or "-", f"{each.rssi_dbm} dBm", note)
    return table
