"""Whatever the two ends agree on as MTU, commands, blobs and records come through whole."""

import pytest

from firmware_bridge.link import Connection, StimulatorClient
from shared.wire.operations import BlobKind, HeadResult, Operation
from tests.firmware_bridge.link.conftest import Person
from tests.firmware_bridge.link.test_blobs import BlobStore
from tests.firmware_bridge.link.test_ledger import Ledger, record
from tests.firmware_bridge.link.test_stimulator import NONCE, Firmware
from tests.firmware_bridge.small_band import SmallBand

SHORTEST, LONGEST = 23, 517


@pytest.fixture(params=[SHORTEST, 24, 64, 185, LONGEST])
async def mtu(
    request: pytest.FixtureRequest, band: SmallBand, connection: Connection, person: Person
) -> int:
    wanted: int = request.param
    band.device.gatt_server.max_mtu = wanted
    await connection.pair(person)
    assert band.connection is not None
    assert band.connection.att_mtu == wanted
    return wanted


async def test_a_long_command_and_its_long_answer(
    mtu: int, band: SmallBand, stimulator: StimulatorClient
) -> None:
    firmware = Firmware(band)
    head = bytes(range(256)) * 2
    firmware.replies[Operation.HEAD] = HeadResult(head)
    assert await stimulator.head(NONCE) == head
    await stimulator.clearance(head, bytes(300))
    assert firmware.asked[-1].arguments.statement == head


async def test_a_blob(mtu: int, band: SmallBand, stimulator: StimulatorClient) -> None:
    store = BlobStore(band)
    blob = bytes(range(256)) * 8
    await stimulator.send_blob(BlobKind.PRESCRIPTION, blob)
    assert store.held(BlobKind.PRESCRIPTION) == blob


async def test_records(mtu: int, band: SmallBand, stimulator: StimulatorClient) -> None:
    Ledger(band, [*range(1, 21)])
    lines = [line.data async for line in stimulator.ledger(1)]
    assert lines == [record(number) for number in range(1, 21)]


async def test_a_status_that_was_torn_while_it_was_read_is_read_again(
    band: SmallBand, connection: Connection, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long read at a short MTU is several, and the band may have changed in between."""
    whole = band.status_value
    looks = [whole[:20] + whole[:20], whole]

    async def look(_: object) -> bytes:
        return looks.pop(0) if len(looks) > 1 else looks[0]

    monkeypatch.setattr(band, "_status_read", look)
    await band.stop()
    await band.start()
    await connection.pair(person)
    assert connection.status is not None
    assert len(looks) == 1
