"""Who may bond with the band, and who may see what before."""

import asyncio
from pathlib import Path

import pytest
from bumble.att import ATT_Error, ErrorCode
from bumble.core import ProtocolError
from bumble.device import Connection
from bumble.pairing import PairingDelegate
from bumble.smp import ErrorCode as SmpError
from smp.image_management import ImageUploadWriteRequest

from shared.wire import gatt
from shared.wire.status import DeviceState
from tests.firmware_bridge.emulator.world import WITHIN_S, ComparingPhone, Phone, World, world
from tests.shared.firmware.releases import Maker

PROTECTED_READS = [gatt.STATUS, gatt.BATTERY_LEVEL, gatt.SERIAL_NUMBER]
PROTECTED_WRITES = [gatt.CONTROL_POINT, gatt.RECORD_ACCESS_CONTROL_POINT]
SUBSCRIBABLE = [
    *PROTECTED_WRITES,
    gatt.STATUS,
    gatt.LEDGER_DATA,
    gatt.TELEMETRY,
    gatt.MANAGEMENT,
]
NOT_SECURE = {ErrorCode.INSUFFICIENT_ENCRYPTION, ErrorCode.INSUFFICIENT_AUTHENTICATION}


async def yes(number: int) -> bool:
    return True


async def no(number: int) -> bool:
    return False


async def refusal_of(phone: Phone) -> SmpError:
    connection = await phone.connect()
    with pytest.raises(ProtocolError) as refused:
        await connection.pair()
    assert refused.value.error_code is not None
    return SmpError(refused.value.error_code)


async def test_nothing_protected_is_read_or_written_before_pairing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.phone.connect()
        for uuid in PROTECTED_READS:
            with pytest.raises(ATT_Error) as refused:
                await (await here.phone.characteristic(uuid)).read_value()
            assert refused.value.error_code in NOT_SECURE
        for uuid in PROTECTED_WRITES:
            written = await here.phone.characteristic(uuid)
            with pytest.raises(ATT_Error) as refused:
                await written.write_value(b"\x00hello", with_response=True)
            assert refused.value.error_code in NOT_SECURE
        assert here.core.requests == []
        assert here.core.links == []


async def test_no_update_begins_before_pairing(tmp_path: Path) -> None:
    image = Maker().image()
    asked = ImageUploadWriteRequest(off=0, data=image[:200], len=len(image), sha=bytes(32))
    async with world(tmp_path) as here:
        await here.phone.connect()
        management = await here.phone.characteristic(gatt.MANAGEMENT)
        await management.write_value(asked.BYTES, with_response=False)
        await (await here.phone.characteristic(gatt.MODEL_NUMBER)).read_value()
        assert here.core.state is DeviceState.IDLE
        await here.pair()
        await management.write_value(asked.BYTES, with_response=False)
        await (await here.phone.characteristic(gatt.MODEL_NUMBER)).read_value()
        assert here.core.state.name == "UPDATING"


async def test_nobody_subscribes_before_pairing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.phone.connect()
        for uuid in SUBSCRIBABLE:
            with pytest.raises(ATT_Error) as refused:
                await (await here.phone.characteristic(uuid)).subscribe(lambda value: None)
            assert refused.value.error_code in NOT_SECURE


async def test_pairing_is_refused_while_the_window_is_closed(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.phone.pair_by(ComparingPhone(yes))
        assert await refusal_of(here.phone) is SmpError.PAIRING_NOT_SUPPORTED
        assert not await here.shell.face.bonds.get_all()


@pytest.mark.parametrize(
    "io",
    [
        PairingDelegate.NO_OUTPUT_NO_INPUT,
        PairingDelegate.DISPLAY_OUTPUT_ONLY,
        PairingDelegate.KEYBOARD_INPUT_ONLY,
    ],
)
async def test_a_phone_that_cannot_compare_numbers_is_refused(
    tmp_path: Path, io: PairingDelegate.IoCapability
) -> None:
    async with world(tmp_path) as here:
        here.core.pairing_open = True
        here.phone.pair_by(ComparingPhone(yes, io))
        assert await refusal_of(here.phone) is SmpError.AUTHENTICATION_REQUIREMENTS


@pytest.mark.parametrize(("sc", "mitm"), [(False, True), (True, False)])
async def test_legacy_and_unauthenticated_pairing_are_refused(
    tmp_path: Path, sc: bool, mitm: bool
) -> None:
    async with world(tmp_path) as here:
        here.core.pairing_open = True
        here.phone.pair_by(ComparingPhone(yes), sc=sc, mitm=mitm)
        assert await refusal_of(here.phone) is SmpError.AUTHENTICATION_REQUIREMENTS


async def test_a_compared_and_confirmed_number_makes_a_secure_link(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.pair()
        await here.until(lambda: here.core.links != [])
        link = here.core.links[0]
        assert link is not None
        assert link.encrypted
        assert link.authenticated
        assert link.secure_connections
        assert here.core.presses == []
        assert here.core.number is None
        assert len(await here.shell.face.bonds.get_all()) == 1


async def test_no_press_on_the_band_means_no_key(tmp_path: Path) -> None:
    """The phone says yes and even starts encryption at once: the band gives no key."""
    async with world(tmp_path) as here:
        here.core.pairing_open = True
        asked = asyncio.Event()

        async def too_soon(number: int) -> bool:
            asked.set()
            return True

        here.phone.pair_by(ComparingPhone(too_soon))
        connection = await here.phone.connect()
        pairing = asyncio.create_task(connection.pair())
        await asked.wait()
        await here.number_shown()
        refused = asyncio.Event()
        connection.on(Connection.EVENT_CONNECTION_ENCRYPTION_FAILURE, lambda error: refused.set())
        session = here.phone.device.smp_manager.sessions[connection.handle]
        session.start_encryption(session.ltk)
        async with asyncio.timeout(WITHIN_S):
            await refused.wait()
        assert not connection.is_encrypted
        await connection.disconnect()
        assert here.core.links == []
        await asyncio.gather(pairing, return_exceptions=True)
        await here.until(lambda: here.core.number is None)


async def test_a_number_that_the_phone_denies_makes_no_bond(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        here.core.pairing_open = True
        here.phone.pair_by(ComparingPhone(no))
        await refusal_of(here.phone)
        await here.phone.gone()
        await here.until(lambda: here.core.number is None)
        assert not await here.shell.face.bonds.get_all()


async def test_a_bonded_phone_comes_back_without_pairing(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        await here.pair()
        await reconnect(here)
        here.core.pairing_open = False
        assert here.phone.connection is not None
        await here.phone.connection.encrypt()
        status = await here.phone.characteristic(gatt.STATUS)
        assert await status.read_value()


async def test_address_is_private_and_fresh_once_the_phone_can_resolve_it(tmp_path: Path) -> None:
    async with world(tmp_path) as here:
        before = (await here.phone.hear()).address
        assert before.is_static
        await here.pair()
        assert here.phone.connection is not None
        seen = []
        for _ in range(2):
            await here.phone.connection.disconnect()
            await here.alone()
            seen.append((await here.phone.hear()).address)
            await here.shell.face.advertise()
            seen.append((await here.phone.hear()).address)
            await reconnect(here, connected=False)
        assert len({bytes(address) for address in seen}) == len(seen)
        assert all(address.is_resolvable for address in seen)


async def reconnect(here: World, *, connected: bool = True) -> None:
    if connected:
        assert here.phone.connection is not None
        await here.phone.connection.disconnect()
        await here.alone()
    await here.phone.connect()


async def test_a_reset_band_knows_no_phone_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R23: keys, bonds and names go."""
    async with world(tmp_path) as here:
        await here.pair()
        assert len(await here.shell.face.bonds.get_all()) == 1
        forget, forgotten = here.shell.face.forget_bonds, asyncio.Event()

        async def told() -> None:
            await forget()
            forgotten.set()

        monkeypatch.setattr(here.shell.face, "forget_bonds", told)
        here.core.on_forget_bonds()
        async with asyncio.timeout(WITHIN_S):
            await forgotten.wait()
        assert not await here.shell.face.bonds.get_all()
