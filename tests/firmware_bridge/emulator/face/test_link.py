"""What a paired phone and the band say to each other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from bumble.att import ATT_Error, ErrorCode
from bumble.gatt_client import CharacteristicProxy

from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.radio.flow import FEW_PACKETS
from shared.wire import gatt, racp
from shared.wire.batches import RECORDS_IN_A_REPORT, records_of
from shared.wire.fields import unpack
from shared.wire.framing import Reassembler, frames
from shared.wire.racp import OpCode, Operator, Request, Result
from shared.wire.status import DeviceState, Status, Telemetry
from tests.firmware_bridge.emulator.world import WITHIN_S, World, world


class Inbox:
    """Messages heard on one characteristic."""

    def __init__(self, characteristic: CharacteristicProxy[bytes], *, framed: bool = True) -> None:
        self.characteristic = characteristic
        self.values: list[bytes] = []
        self._framed = framed
        self._reassembler = Reassembler()
        self._messages: asyncio.Queue[bytes] = asyncio.Queue()

    def take(self, value: bytes) -> None:
        self.values.append(bytes(value))
        message = self._reassembler.feed(bytes(value)) if self._framed else bytes(value)
        if message is not None:
            self._messages.put_nowait(message)

    async def next(self) -> bytes:
        async with asyncio.timeout(WITHIN_S):
            return await self._messages.get()

    def empty(self) -> bool:
        return self._messages.empty()

    async def write(self, message: bytes) -> None:
        values = frames(message, 100) if self._framed else [message]
        for value in values:
            await self.characteristic.write_value(value, with_response=True)


async def inbox(here: World, uuid: str, *, framed: bool = True) -> Inbox:
    heard = Inbox(await here.phone.characteristic(uuid), framed=framed)
    prefer_notify = uuid not in (gatt.CONTROL_POINT, gatt.RECORD_ACCESS_CONTROL_POINT)
    await heard.characteristic.subscribe(heard.take, prefer_notify=prefer_notify)
    return heard


@asynccontextmanager
async def paired(folder: Path) -> AsyncIterator[World]:
    async with world(folder) as here:
        await here.pair()
        yield here


async def test_request_is_answered_once_however_many_frames_it_took(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        control = await inbox(here, gatt.CONTROL_POINT)
        for message in (b"short", bytes(range(256)) * 4):
            await control.write(message)
            assert await control.next() == message[::-1]
        assert [request for request, _ in here.core.requests] == [b"short", bytes(range(256)) * 4]
        assert all(link.authenticated for _, link in here.core.requests)
        assert control.empty()


async def test_time_is_current_before_a_request_is_answered(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        control = await inbox(here, gatt.CONTROL_POINT)
        here.core.advanced.clear()
        await control.write(b"now")
        await control.next()
        assert here.core.advanced == sorted(here.core.advanced)
        assert here.core.advanced


async def test_frame_out_of_order_is_refused_and_harms_nothing(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        control = await inbox(here, gatt.CONTROL_POINT)
        with pytest.raises(ATT_Error):
            await control.characteristic.write_value(b"\x02lost", with_response=True)
        await control.write(b"again")
        assert await control.next() == b"niaga"


async def test_control_point_without_subscription_is_refused(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        control = await here.phone.characteristic(gatt.CONTROL_POINT)
        with pytest.raises(ATT_Error) as refused:
            await control.write_value(b"\x00hello", with_response=True)
        assert refused.value.error_code == ErrorCode.CCCD_IMPROPERLY_CONFIGURED
        assert here.core.requests == []


async def test_status_is_told_at_each_change_and_each_second_of_a_session(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        status = await inbox(here, gatt.STATUS)
        telemetry = await inbox(here, gatt.TELEMETRY)
        here.core.state = DeviceState.STIMULATING
        here.core.on_status()
        first = unpack(Status, await status.next())
        second = unpack(Status, await status.next())
        assert first.state is second.state is DeviceState.STIMULATING
        assert unpack(Telemetry, await telemetry.next()).coil_temperature_c == 25


async def test_records_come_in_order_and_are_closed_by_a_response(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        here.core.records = {number: bytes([number]) * 120 for number in range(1, 31)}
        records = await inbox(here, gatt.LEDGER_DATA)
        access = await inbox(here, gatt.RECORD_ACCESS_CONTROL_POINT, framed=False)

        await access.write(racp.encode_request(Request(OpCode.COUNT, Operator.ALL)))
        assert racp.decode_response(await access.next()).count == 30

        await access.write(racp.encode_request(Request(OpCode.REPORT, Operator.FROM, 5)))
        heard = records_of(await records.next()) + records_of(await records.next())
        assert heard == [bytes([number]) * 120 for number in range(5, 31)]
        assert racp.decode_response(await access.next()).result is Result.SUCCESS

        here.core.records = {number: bytes([7]) * 20 for number in range(1, 1001)}
        await access.write(racp.encode_request(Request(OpCode.REPORT, Operator.ALL)))
        told = 0
        while told < RECORDS_IN_A_REPORT:
            told += len(records_of(await records.next()))
        assert told == RECORDS_IN_A_REPORT
        assert racp.decode_response(await access.next()).result is Result.SUCCESS

        await access.write(racp.encode_request(Request(OpCode.REPORT, Operator.FROM, 1001)))
        assert racp.decode_response(await access.next()).result is Result.NO_RECORDS

        await access.write(racp.encode_request(Request(OpCode.REPORT)))
        assert racp.decode_response(await access.next()).result is Result.INVALID_OPERATOR


async def test_report_can_be_aborted_and_a_second_is_refused_meanwhile(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        here.core.records = {number: bytes(120) for number in range(1, 5_001)}
        records = await inbox(here, gatt.LEDGER_DATA)
        access = await inbox(here, gatt.RECORD_ACCESS_CONTROL_POINT, framed=False)
        await access.write(racp.encode_request(Request(OpCode.REPORT, Operator.ALL)))
        await records.next()
        with pytest.raises(ATT_Error) as refused:
            await access.write(racp.encode_request(Request(OpCode.COUNT, Operator.ALL)))
        assert refused.value.error_code == ErrorCode.PROCEDURE_ALREADY_IN_PROGRESS

        await access.write(racp.encode_request(Request(OpCode.ABORT)))
        answer = racp.decode_response(await access.next())
        assert (answer.op_code, answer.result) == (OpCode.ABORT, Result.SUCCESS)

        await access.write(racp.encode_request(Request(OpCode.COUNT, Operator.ALL)))
        assert racp.decode_response(await access.next()).count == 5_000
        assert len(records.values) < 5_000


async def test_core_learns_that_the_link_is_gone(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        assert await here.shell.face.drop()
        await here.phone.gone()
        assert here.core.links[-1] is None
        assert not await here.shell.face.drop()


async def test_device_information_is_there_but_the_serial_needs_the_bond(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        serial = await here.phone.characteristic(gatt.SERIAL_NUMBER)
        assert await serial.read_value() == b"ab" * 16
        maker = await here.phone.characteristic(gatt.MANUFACTURER_NAME)
        assert await maker.read_value() == b"Circlet"


async def test_a_bug_in_the_firmware_ends_the_band_instead_of_being_logged(tmp_path: Path) -> None:
    async with paired(tmp_path) as here:
        control = await inbox(here, gatt.CONTROL_POINT)
        values = list(frames(b"break", 100))
        await control.characteristic.write_value(values[0])
        async with asyncio.timeout(WITHIN_S):
            with pytest.raises(ExceptionGroup) as broken:
                await here.running
        assert broken.group_contains(RuntimeError, match="a bug in the firmware")


async def test_records_give_way_to_a_request_that_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with paired(tmp_path) as here:
        interference = here.shell.face._interference
        passing, heard, may_go_on = interference.passing, asyncio.Event(), asyncio.Event()

        async def held(event: Event, channel: Channel, value: bytes) -> tuple[bytes, ...]:
            if (event, channel) == (Event.WRITTEN, Channel.CONTROL_POINT):
                heard.set()
                await may_go_on.wait()
            return await passing(event, channel, value)

        here.core.records = {number: bytes(120) for number in range(1, RECORDS_IN_A_REPORT)}
        records = await inbox(here, gatt.LEDGER_DATA)
        control = await inbox(here, gatt.CONTROL_POINT)
        status = await here.phone.characteristic(gatt.STATUS)
        access = await inbox(here, gatt.RECORD_ACCESS_CONTROL_POINT, framed=False)
        monkeypatch.setattr(interference, "passing", held)
        await access.write(racp.encode_request(Request(OpCode.REPORT, Operator.ALL)))
        await records.next()
        await control.characteristic.write_value(b"\x00stop", with_response=False)
        await heard.wait()
        for _ in range(FEW_PACKETS + 1):
            await status.read_value()
        before = len(records.values)
        for _ in range(10):
            await status.read_value()
        assert len(records.values) == before
        may_go_on.set()
        assert await control.next() == b"pots"
        await records.next()
