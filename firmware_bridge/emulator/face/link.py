"""One phone's connection: its requests in, answers, status, records and telemetry out.

A link that doesn't become secure in time is ended, so that nobody keeps the band busy. Not for
pairing, and not for what any message means.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial

from bumble.att import ATT_Error, ErrorCode
from bumble.core import BaseBumbleError
from bumble.device import Connection
from bumble.gatt_server import Server
from bumble.hci import HCI_ErrorCode

from firmware_bridge.emulator.events import Event
from firmware_bridge.emulator.face.core import ACTIVE_STATES, FirmwareCore
from firmware_bridge.emulator.face.ear import Channel, Ear
from firmware_bridge.emulator.face.interference import Interference
from firmware_bridge.emulator.face.management import Management, Updates
from firmware_bridge.emulator.face.outlet import MAXIMUM_WAITING, Outlet
from firmware_bridge.emulator.face.pairing import link_security
from firmware_bridge.emulator.face.records import (
    REFUSED_VALUE,
    RecordAccess,
)
from firmware_bridge.emulator.face.services import Table
from firmware_bridge.emulator.face.stack import await_stack
from firmware_bridge.emulator.profile.airtime import Airtime
from firmware_bridge.emulator.profile.processor import Processor
from firmware_bridge.timebase import Clock
from shared.wire.errors import WireError
from shared.wire.fields import pack
from shared.wire.framing import Reassembler
from shared.wire.operations import Operation, UnknownOperation, decode_request

log = logging.getLogger(__name__)

SECURE_WITHIN_S = 90.0
"""A link must be secure by then, pairing by a person included (own figure, real time)."""

DISCONNECT_WITHIN_S = 2.0

REPEAT_MS = 1_000
"""Status and telemetry come at least this often while a session is under way."""


ENDS_PULSES = frozenset({Operation.STOP.name, Operation.PAUSE.name, Operation.CLOSE.name})


class PhoneLink:
    """Everything that lives as long as one connection."""

    def __init__(
        self,
        connection: Connection,
        server: Server,
        table: Table,
        core: FirmwareCore,
        clock: Clock,
        catch_up: Callable[[], None],
        processor: Processor,
        ear: Ear,
        interference: Interference,
        updates: Updates,
    ) -> None:
        airtime = Airtime(processor.profile, clock)

        def outlet(
            channel: Channel,
            *,
            indicate: bool,
            framed: bool = True,
            gives_way: Callable[[], Awaitable[None]] | None = None,
        ) -> Outlet:
            return Outlet(
                server,
                connection,
                getattr(table, channel),
                clock,
                airtime,
                lambda message: ear.said(channel, message),
                partial(interference.passing, Event.NOTIFICATION, channel),
                indicate=indicate,
                framed=framed,
                gives_way=gives_way,
            )

        self.connection = connection
        self._core = core
        self._clock = clock
        self._catch_up = catch_up
        self._processor = processor
        self._ear = ear
        self._interference = interference
        self._frozen = False
        ear.began()
        interference.new_link()
        self._arrived: asyncio.Queue[bytes] = asyncio.Queue()
        self._under_way = 0
        self._answers = outlet(Channel.CONTROL_POINT, indicate=True)
        self._status = outlet(Channel.STATUS, indicate=False)
        self._telemetry = outlet(Channel.TELEMETRY, indicate=False)
        self._record_answers = outlet(Channel.RECORD_ACCESS, indicate=True, framed=False)
        self._heard = asyncio.Event()
        self._heard.set()
        self._ledger_data = outlet(
            Channel.LEDGER_DATA, indicate=False, gives_way=self._control_is_answered
        )
        self._blob_words = outlet(Channel.BLOB_DATA, indicate=False, framed=False)
        self._records = RecordAccess(core, self._record_answers, self._ledger_data)
        self._managed = outlet(Channel.MANAGEMENT, indicate=False, framed=False)
        self._management = Management(updates, self._managed, clock.elapsed_ms, processor)
        self._requests = Reassembler()
        self._status_due = asyncio.Event()
        self._secured = asyncio.Event()
        self._gone = asyncio.Event()
        self._end_reason = HCI_ErrorCode.REMOTE_USER_TERMINATED_CONNECTION_ERROR
        connection.on(Connection.EVENT_DISCONNECTION, lambda reason: self._gone.set())
        for event in (Connection.EVENT_CONNECTION_ENCRYPTION_CHANGE, Connection.EVENT_PAIRING):
            connection.on(event, lambda *_: self._look_at_security())
        connection.on(Connection.EVENT_PAIRING_FAILURE, self._pairing_failed)

    async def run(self) -> None:
        """Serve the phone until the connection is gone."""
        tasks = [
            self._answers.run(),
            self._telemetry.run(),
            self._record_answers.run(),
            self._blob_words.run(),
            self._managed.run(),
            self._management.run(),
            self._records.run(),
            self._tell_status(),
            self._repeat(),
            self._insist_on_security(),
            self._carry_out(),
        ]
        try:
            async with asyncio.TaskGroup() as group:
                running = [group.create_task(self._until_lost(task)) for task in tasks]
                await self._gone.wait()
                for task in running:
                    task.cancel()
        finally:
            self._gone.set()
        self._management.lost()
        if self._secured.is_set():
            self._core.disconnected()
        await self._disconnect()
        self._interference.events.tell(Event.DISCONNECTED)

    def end(self, reason: HCI_ErrorCode) -> None:
        """Break the connection from this side, for `reason`."""
        self._end_reason = reason
        self._gone.set()

    def freeze(self) -> None:
        """Answer nothing and say nothing any more; the radio holds the link."""
        self._frozen = True

    async def answering(self) -> None:
        """Return at once; of a firmware that hangs, never while the link lasts."""
        if self._frozen:
            await self._gone.wait()
            raise ATT_Error(ErrorCode.UNLIKELY_ERROR)

    async def _disconnect(self) -> None:
        if self.connection.handle not in self.connection.device.connections:
            return
        try:
            async with asyncio.timeout(DISCONNECT_WITHIN_S):
                await await_stack(self.connection.disconnect(self._end_reason))
        except (BaseBumbleError, TimeoutError) as problem:
            log.info("disconnect: %s", problem)

    def status_changed(self) -> None:
        """Have the phone told of the newest status."""
        self._status_due.set()

    async def write_control(self, value: bytes) -> None:
        """Take one value written to the control point, and answer a completed message."""
        self._heard.clear()
        try:
            for arrived in await self._arriving(Channel.CONTROL_POINT, value):
                self._take_control(arrived)
        finally:
            self._heard.set()

    async def _control_is_answered(self) -> None:
        """Records wait meanwhile: each one that goes before it keeps STOP's answer waiting."""
        await self._heard.wait()
        await self._answers.idle()

    async def write_records(self, value: bytes) -> None:
        """Take one value written to the Record Access Control Point."""
        for arrived in await self._arriving(Channel.RECORD_ACCESS, value):
            self._ear.wrote(Channel.RECORD_ACCESS, arrived)
            self._records.write(arrived)

    async def write_management(self, value: bytes) -> None:
        """Take one value written for MCUmgr."""
        for arrived in await self._arriving(Channel.MANAGEMENT, value):
            self._ear.wrote(Channel.MANAGEMENT, arrived)
            self._catch_up()
            if link_security(self.connection).is_enough:
                self._management.write(arrived)

    async def write_blob(self, value: bytes) -> None:
        """Take one part of a blob, and say what there is to say of its stream."""
        for arrived in await self._arriving(Channel.BLOB_DATA, value):
            self._ear.wrote(Channel.BLOB_DATA, arrived)
            word = self._core.blob_part(arrived, link_security(self.connection))
            if word is not None and self._blob_words.subscribed:
                self._blob_words.put(word)

    async def _arriving(self, channel: Channel, value: bytes) -> tuple[bytes, ...]:
        arriving = await self._interference.passing(Event.WRITTEN, channel, value)
        await self.answering()
        return arriving

    def _take_control(self, value: bytes) -> None:
        if not self._answers.subscribed:
            raise ATT_Error(ErrorCode.CCCD_IMPROPERLY_CONFIGURED)
        self._ear.wrote(Channel.CONTROL_POINT, value)
        try:
            request = self._requests.feed(value)
        except WireError as problem:
            raise ATT_Error(REFUSED_VALUE) from problem
        if request is None:
            return
        if self._is_busy and not ends_pulses(request):
            raise ATT_Error(ErrorCode.INSUFFICIENT_RESOURCES)
        if self._processor.profile.is_free:
            self._answers.put(self._control(request))
        else:
            self._under_way += 1
            self._arrived.put_nowait(request)

    @property
    def _is_busy(self) -> bool:
        """Whether the phone has asked for more than it takes answers."""
        return self._answers.full or self._under_way >= MAXIMUM_WAITING

    def _control(self, request: bytes) -> bytes:
        self._catch_up()
        events = self._interference.events
        named = operation_name(request) if events.heard else ""
        events.tell(Event.REQUEST, named, request)
        answer = self._core.control(request, link_security(self.connection))
        events.tell(Event.ANSWER, named, answer)
        return answer

    async def _carry_out(self) -> None:
        """Carry out what arrived, each request in its own time."""
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(self._answer_in_time(await self._arrived.get()))

    async def _answer_in_time(self, request: bytes) -> None:
        control = partial(self._control, request)
        self._answers.put(await self._processor.carry_out(request, control))
        self._under_way -= 1

    async def _until_lost(self, serving: Coroutine[None, None, None]) -> None:
        try:
            await serving
        except (BaseBumbleError, TimeoutError) as problem:
            log.info("the phone no longer takes what is sent: %s", problem)
            self._gone.set()

    def _pairing_failed(self, reason: int) -> None:
        log.info("pairing failed, reason %d", reason)
        self.end(HCI_ErrorCode.AUTHENTICATION_FAILURE_ERROR)

    def _look_at_security(self) -> None:
        link = link_security(self.connection)
        if link.is_enough and not self._secured.is_set():
            self._secured.set()
            self._core.connected(link)
            self._interference.events.tell(Event.SECURED)

    async def _insist_on_security(self) -> None:
        try:
            async with asyncio.timeout(SECURE_WITHIN_S):
                await self._secured.wait()
        except TimeoutError:
            log.info("the link did not become secure")
            self.end(HCI_ErrorCode.AUTHENTICATION_FAILURE_ERROR)

    async def _tell_status(self) -> None:
        while True:
            await self._status_due.wait()
            self._status_due.clear()
            if self._frozen:
                continue
            await self._status.send_at_once(pack(self._core.status()))

    async def _repeat(self) -> None:
        while True:
            await self._clock.sleep_ms(REPEAT_MS)
            if self._core.state in ACTIVE_STATES and not self._frozen:
                self._status_due.set()
                self._telemetry.put(pack(self._core.telemetry()))


def operation_name(request: bytes) -> str:
    """Which operation a request asks for; nothing where it can't be read."""
    try:
        return decode_request(request).operation.name
    except (WireError, UnknownOperation):
        return ""


def ends_pulses(request: bytes) -> bool:
    """Whether a request is carried out even where its answer may have to be let go (R3)."""
    return operation_name(request) in ENDS_PULSES
