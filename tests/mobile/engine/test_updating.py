"""The app fetches what the clinic offers and has the band try it; the band alone decides."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from firmware_bridge.emulator.update.bootloader import boot_image
from firmware_bridge.link import Connection
from firmware_bridge.link.bluetooth import SystemBluetooth
from firmware_bridge.link.update import Confirmed, Outcome, Refused
from firmware_bridge.timebase import SystemClock
from mobile.engine.updating import Updating, is_at_rest
from mobile.store import Store, open_store
from mobile.sync import AnswerUnreadable, IngestClient
from mobile.sync.signing import RequestSigner
from shared.dose.reasons import ReasonCode
from shared.firmware.image import read
from shared.firmware.refusals import UpdateRefusal
from shared.trust.keys import SoftwareKey
from shared.wire.status import DeviceState, ReasonWire, Status
from tests.firmware_bridge.emulator.living import Scene, living
from tests.firmware_bridge.emulator.world import made_identity
from tests.mobile.sync.clinic import PHONE, Clinic, serving
from tests.mobile.worlds import MemoryKeyStore
from tests.shared.clinic import DEVICE_ID
from tests.shared.firmware.releases import Maker

KEY = SoftwareKey.generate()
FILLER = bytes(25_000)


@pytest.fixture
def clinic() -> Iterator[Clinic]:
    with serving(Clinic(KEY.public_key)) as clinic:
        yield clinic


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "phone", MemoryKeyStore())
    yield store
    store.close()


@pytest.fixture
async def client(clinic: Clinic) -> AsyncIterator[IngestClient]:
    client = IngestClient(clinic.url, SystemClock())
    client.sign_as(RequestSigner(PHONE, KEY))
    yield client
    await client.close()


def put(clinic: Clinic, image: bytes) -> None:
    clinic.image, clinic.image_hash = image, read(image).hash


@asynccontextmanager
async def met(folder: Path, maker: Maker) -> AsyncIterator[Scene]:
    """A band of this maker, and a link that somebody keeps."""
    identity = replace(made_identity(), manufacturer=maker.root.public_key)
    async with living(folder, boot_image, identity) as scene:
        keeping = asyncio.create_task(scene.connection.keep(await scene.pair()))
        try:
            yield scene
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)


async def update(updating: Updating) -> Outcome | None:
    """Do what a round does; None where nothing is offered."""
    offered = await updating.offer(DEVICE_ID)
    if offered is None:
        return None
    data = await updating.fetch(DEVICE_ID, offered)
    async with asyncio.timeout(60):
        return await updating.bring(DEVICE_ID, offered, data)


async def test_a_hostile_clouds_image_is_refused_by_the_band_and_the_makers_is_kept(
    tmp_path: Path, clinic: Clinic, store: Store, client: IngestClient
) -> None:
    maker = Maker()
    async with met(tmp_path / "band", maker) as scene:
        updating = Updating(store, client, scene.connection)
        before = (await scene.client.hello()).firmware
        put(clinic, Maker().image(filler=FILLER))
        outcome = await update(updating)
        assert isinstance(outcome, Refused)
        assert outcome.refusal is UpdateRefusal.BAD_SIGNATURE
        assert (await scene.client.hello()).firmware == before
        assert await update(updating) is None, "what no later try changes isn't tried again"
        put(clinic, maker.image(filler=FILLER))
        assert await update(updating) == Confirmed("1.1.0")
        assert (await scene.client.hello()).firmware == "1.1.0"
        assert clinic.tries == [("refused", "bad_signature"), ("kept", "")]


async def test_what_was_fetched_is_not_fetched_again_and_nothing_else_is_taken_for_it(
    clinic: Clinic, store: Store, client: IngestClient
) -> None:
    image = Maker().image(filler=FILLER)
    put(clinic, image)
    updating = Updating(store, client, Connection(SystemBluetooth(), SystemClock()))
    offered = await updating.offer(DEVICE_ID)
    assert offered is not None
    clinic.until_bytes = 10_000
    with pytest.raises(AnswerUnreadable):
        await updating.fetch(DEVICE_ID, offered)
    clinic.until_bytes = None
    assert await updating.fetch(DEVICE_ID, offered) == image
    assert clinic.part_starts == [0, 10_000, 10_000, 20_000]
    other = replace(offered, image_hash=bytes(32))
    with pytest.raises(AnswerUnreadable):
        await updating.fetch(DEVICE_ID, other)


@pytest.mark.parametrize(
    ("state", "codes", "rests"),
    [
        (DeviceState.IDLE, [ReasonCode.SESSION_INTERVAL], True),
        (DeviceState.IDLE, [ReasonCode.SCREENING_NEEDED, ReasonCode.HOLD], True),
        (DeviceState.IDLE, [], False),
        (DeviceState.IDLE, [ReasonCode.SCREENING_NEEDED], False),
        (DeviceState.PAUSED, [ReasonCode.HOLD], False),
    ],
)
def test_an_update_begins_only_while_no_session_can_come(
    state: DeviceState, codes: list[ReasonCode], rests: bool
) -> None:
    status = Status(
        state=state,
        proven_ms=0,
        reasons=tuple(ReasonWire(code) for code in codes),
        head_number=0,
        battery_percent=80,
        coil_temperature_c=20,
        contact=True,
        position_ok=True,
        clock_trusted=True,
    )
    assert is_at_rest(status) is rests
