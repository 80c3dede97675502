"""Starts one part, prints its process id, and waits to be killed, as a time-out kills a test."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.journey.processes import free_ports, start


async def main(log: Path) -> None:
    """Start the clock and wait for ever."""
    (port,) = free_ports(1)
    clock = ("circlet-clock", "--port", str(port), "--start-wall", "2026-03-01T09:00:00+00:00")
    part = await start("clock", *clock, log=log)
    print(part.pid, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
