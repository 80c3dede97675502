"""A connection of the app's link to a small band, over the real radio and bleak backend."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from firmware_bridge.link import BackOff, Connection, Limits, StimulatorClient
from firmware_bridge.radio.adapter import Adapter
from firmware_bridge.radio.port import VirtualBluetooth
from firmware_bridge.radio.process import RadioPorts
from firmware_bridge.timebase import SystemClock
from shared.wire.fields import pack
from shared.wire.status import DeviceState, Status
from tests.firmware_bridge.small_band import SmallBand

RESTING = Status(
    state=DeviceState.IDLE,
    proven_ms=0,
    reasons=(),
    head_number=0,
    battery_percent=80,
    coil_temperature_c=24,
    contact=False,
    position_ok=False,
    clock_trusted=True,
)


class Person:
    """Compares the numbers on phone and band."""

    def __init__(self, band: SmallBand) -> None:
        self._band = band
        self.careless = False
        self.mistaken = False

    async def confirm_number(self, number: int) -> bool:
        if self.mistaken:
            return False
        await self._band.number_shown.wait()
        return self.careless or number == self._band.number


@pytest.fixture
async def band(ports: RadioPorts, tmp_path: Path) -> AsyncIterator[SmallBand]:
    band = SmallBand(f"127.0.0.1:{ports.hosts[0]}", tmp_path, private=True)
    band.status_value = b"\0" + pack(RESTING)
    await band.start()
    yield band
    await band.stop()


@pytest.fixture
async def adapter(ports: RadioPorts, tmp_path: Path) -> AsyncIterator[Adapter]:
    adapter = await Adapter.open(f"127.0.0.1:{ports.hosts[1]}", tmp_path / "phone")
    yield adapter
    await adapter.close()


@pytest.fixture
def person(band: SmallBand) -> Person:
    return Person(band)


@pytest.fixture
async def connection(adapter: Adapter) -> AsyncIterator[Connection]:
    limits = Limits(search_s=5, others_s=1, connect_s=5, pair_s=5, quick=BackOff(20, 5_000))
    connection = Connection(VirtualBluetooth(adapter), SystemClock(), limits=limits)
    yield connection
    await connection.let_go()


@pytest.fixture
def stimulator(connection: Connection) -> StimulatorClient:
    return StimulatorClient(connection)
