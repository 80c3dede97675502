"""A radio, a phone's adapter and a small band on it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.process import RadioPorts
from tests.firmware_bridge.small_band import SmallBand


@pytest.fixture
async def band(ports: RadioPorts, tmp_path: Path) -> AsyncIterator[SmallBand]:
    band = SmallBand(f"127.0.0.1:{ports.hosts[0]}", tmp_path)
    await band.start()
    yield band
    await band.stop()


@pytest.fixture
async def adapter(ports: RadioPorts, tmp_path: Path) -> AsyncIterator[Adapter]:
    adapter = await Adapter.open(f"127.0.0.1:{ports.hosts[1]}", tmp_path / "phone")
    yield adapter
    await adapter.close()
