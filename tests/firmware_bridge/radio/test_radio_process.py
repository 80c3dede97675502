"""`circlet-radio` as a process: hosts attach, drops are asked by HTTP, it ends when told."""

import asyncio
import json
import sys
from pathlib import Path

import aiohttp
from bleak import BleakClient

from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.client import VirtualBleakClient
from tests.firmware_bridge.small_band import ADDRESS, SmallBand


async def test_radio_process_connects_two_hosts_and_drops_them(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "firmware_bridge.radio.cli",
        "--port",
        "0",
        "--port",
        "0",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        word, _, details = (await process.stdout.readline()).partition(b" ")
        assert word == b"ready"
        ready = json.loads(details)
        band = SmallBand(f"127.0.0.1:{ready['ports'][0]}", tmp_path)
        await band.start()
        adapter = await Adapter.open(f"127.0.0.1:{ready['ports'][1]}", tmp_path / "phone")
        lost = asyncio.Event()
        client = BleakClient(
            ADDRESS, lambda _: lost.set(), backend=VirtualBleakClient, radio=adapter
        )
        await client.connect()
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{ready['control_port']}/drop"
            async with session.post(url) as answer:
                assert await answer.json() == {"dropped": 1}
        await lost.wait()
        await adapter.close()
        await band.stop()
        process.terminate()
        assert await process.wait() == 0
