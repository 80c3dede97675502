"""A clinic, a radio and a worn band in a process of their own; buttons are pressed by its input.

Says `ready {...}` with its ports; each line of its input is how long to press, in ms.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from tests.mobile.engine.world import whole_day


async def surround(folder: Path) -> None:
    """Run until the input ends. The phone that `whole_day` brings along stays at Welcome."""
    async with whole_day(folder, rate=1.0) as world:
        world.prescribe()
        said = {
            "clock": world.clock_port,
            "radio": world.second_radio_port,
            "url": world.server.url,
        }
        print(f"ready {json.dumps(said)}", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            await world.shell.press(int(line))
            print("pressed", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(surround(Path(folder)))


if __name__ == "__main__":
    main()
