"""`circlet-device pair`: bond with a band by comparing six digits on both."""

from __future__ import annotations

import argparse

from firmware_bridge.hand.asking import agrees
from firmware_bridge.hand.hand import EmulatedHand, Hand
from firmware_bridge.tool import options as shared_options
from firmware_bridge.tool.errors import UsageWrong
from firmware_bridge.tool.exits import Exit
from firmware_bridge.tool.options import Parser, hand_of
from firmware_bridge.tool.reach import open_way
from firmware_bridge.tool.voice import Voice

SUMMARY = "pair with a band, by a number on both"
DESCRIPTION = (
    "Hold the band's button for three seconds first: it then takes a pairing for two minutes. Both "
    "sides show six digits; confirm here, then press the button. With --control the command "
    "holds, compares and presses by itself. An earlier bond of this folder is replaced."
)
PARENTS = (shared_options.on_air, shared_options.at_the_button)


def add(parser: Parser) -> None:
    """Its own options."""
    parser.add_argument(
        "--yes",
        action="store_true",
        help="confirm any number without a look; only with --radio, where nobody listens",
    )


async def run(options: argparse.Namespace, voice: Voice) -> Exit:
    """Pair, and remember the band."""
    if options.yes and options.radio is None:
        raise UsageWrong("--yes compares nothing: it is for a virtual radio (--radio) alone.")
    hand = hand_of(options)
    async with open_way(options) as way:
        if isinstance(hand, EmulatedHand):
            await hand.hold()
        connection = way.connection()
        try:
            address = await connection.pair(_Agent(hand, voice, trusting=options.yes))
        finally:
            await connection.let_go()
        way.home.keep_band(address)
    voice.document({"paired": address, "state": str(options.state)})
    voice.show(f"Paired with [bold]{address}[/]. Look at it: circlet-device status")
    return Exit.DONE


class _Agent:
    """Answers the stack's question whether both numbers are the same."""

    def __init__(self, hand: Hand, voice: Voice, *, trusting: bool) -> None:
        self._hand, self._voice, self._trusting = hand, voice, trusting

    async def confirm_number(self, number: int) -> bool:
        """Show it, have it compared, and say what came of it."""
        self._voice.err.print(f"The number is {number // 1000:03} {number % 1000:03}.")
        if isinstance(self._hand, EmulatedHand):
            return await self._hand.confirm_number(number)
        if self._trusting:
            self._voice.hint("Not compared (--yes). Press the band's button now.")
            return True
        same = await agrees("Does the band show the same?")
        if same:
            self._voice.hint("Press the band's button now.")
        return same
