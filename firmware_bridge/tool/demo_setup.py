"""`circlet-device demo-setup`: make an emulated band ready to treat nobody."""

from __future__ import annotations

import argparse

from firmware_bridge.demo.clinic import DemoClinic
from firmware_bridge.demo.keys import load_keys
from firmware_bridge.demo.setting_up import set_up
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, hand_of
from firmware_bridge.tool.reach import open_band
from firmware_bridge.tool.status import picture
from firmware_bridge.tool.voice import Voice

SUMMARY = "provision a demonstration's band"
DESCRIPTION = (
    "Gives the paired band an owner, the time, this phone, a plan and a clearance, all signed by "
    "the demonstration's keys. What the band has already is left as it is; the clearance is fresh "
    "each time."
)
PARENTS = (shared_options.on_air, shared_options.at_the_button, shared_options.with_keys)


def add(parser: Parser) -> None:
    """It has no options of its own."""


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Go through the steps that the band lacks."""
    keys = load_keys(options.keys)
    hand = hand_of(options)
    async with open_band(options) as band:
        await set_up(band.client, DemoClinic(keys, band.way.clock), hand.press)
        hello = await band.client.hello()
        status = band.connection.status
        band.way.home.keep_certificate(keys.device_certificate)
        voice.document({"hello": hello, "status": status})
        voice.show(picture(hello, status, band.connection.state))
    return Exit.DONE
