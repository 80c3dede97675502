"""`circlet-device demo-keys`: make a maker, a clinic and a phone up, for an emulated band."""

from __future__ import annotations

import argparse
from pathlib import Path

from firmware_bridge.demo.keys import make_keys
from firmware_bridge.timebase import open_clock
from firmware_bridge.tool.errors import FileUnusable
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, endpoint
from firmware_bridge.tool.voice import Voice

SUMMARY = "make the keys of a demonstration"
DESCRIPTION = (
    "Makes a folder with a demonstration's keys: `DIR/device` is for `circlet-emulator run "
    "--identity DIR/device`, the rest for demo-setup, arm, conformance and soak. Whoever has the "
    "folder can prescribe for that band; a real band takes none of it."
)
PARENTS = ()


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    parser.add_argument(
        "--clock", type=endpoint, metavar="HOST:PORT", help="clock server whose time they begin at"
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Make them."""
    clock = await open_clock(options.clock, "maker", acks=False)
    try:
        keys = make_keys(options.out, clock.wall_ms() // 1000)
    except OSError as problem:
        raise FileUnusable(options.out, problem.strerror or "can't be made") from problem
    voice.document({"keys": str(options.out), "device_id": keys.device_id})
    voice.show(
        f"Made {options.out}. Start a band that has it:\n"
        f"  circlet-emulator run --identity {options.out / 'device'} --state DIR --radio HOST:PORT"
    )
    return Exit.DONE
