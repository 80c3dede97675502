"""`circlet-device stop`: end pulses, before anything else is done."""

from __future__ import annotations

import argparse

from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser
from firmware_bridge.tool.reach import open_band
from firmware_bridge.tool.voice import Voice

SUMMARY = "stop the band; needs no key"
DESCRIPTION = (
    "Sends STOP as the first thing on the link. An armed band goes idle, a stimulating one pauses; "
    "with --close its session ends for good. A real band's own button is quicker."
)
PARENTS = (shared_options.on_air,)


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument("--close", action="store_true", help="end the session too")


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Stop, and say where the band stands then."""
    async with open_band(options) as band:
        await band.client.stop()
        if options.close:
            await band.client.close()
        state = (await band.client.hello()).state
    voice.document({"stopped": True, "closed": options.close, "state": state})
    voice.show("Stopped. No pulse comes any more." if not options.close else "Stopped and closed.")
    return Exit.DONE
