"""`circlet-clock` as a process: it says when it's ready, and ends when told."""

import asyncio
import json
import sys

from firmware_bridge.timebase import ServedClock


async def test_clock_process_serves_the_time_it_was_started_with_and_ends_on_sigterm() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "firmware_bridge.timebase.cli",
        "--start-wall",
        "2026-03-02T09:00:00+00:00",
        "--rate",
        "0",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(20):
        word, _, details = (await process.stdout.readline()).partition(b" ")
        assert word == b"ready"
        clock = await ServedClock.connect("127.0.0.1", json.loads(details)["port"], "test")
        await clock.advance(1_000)
        assert clock.wall_ms() == 1_772_442_001_000
        process.terminate()
        assert await process.wait() == 0
    await clock.close()
