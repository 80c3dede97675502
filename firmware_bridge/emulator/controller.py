"""The Bluetooth controller that the band talks through: a port of the virtual radio, or a real one.

Named as the Bluetooth stack names transports: `tcp-client:HOST:PORT`, `usb:0`, `hci-socket:0`. Not
for what goes over it.
"""

from __future__ import annotations

import asyncio

from bumble.transport import open_transport
from bumble.transport.common import Transport

WITHIN_S = 10.0

HINTS = {
    "tcp-client": "is circlet-radio running there?",
    "usb": "is an adapter plugged in, and may this user open it?",
    "hci-socket": "is there such an adapter, is it down, and may this user take it "
    "(CAP_NET_ADMIN)?",
}
"""What a person can look at, by the transport's scheme."""


class NoController(Exception):
    """There is no controller of that name, or it can't be opened."""

    def __init__(self, name: str, problem: str) -> None:
        hint = HINTS.get(name.partition(":")[0], "see `circlet-emulator run --help`")
        super().__init__(f"transport {name}: {problem or 'does not open'}; {hint}")
        self.name = name


def virtual(radio: str) -> str:
    """The name of a port `HOST:PORT` of the virtual radio."""
    return f"tcp-client:{radio}"


async def open_controller(name: str) -> Transport:
    """Open a controller by its name; NoController says why not."""
    try:
        async with asyncio.timeout(WITHIN_S):
            return await open_transport(name)
    except Exception as problem:
        # The stack's transports raise whatever their libraries do, bare exceptions included.
        raise NoController(name, str(problem)) from problem
