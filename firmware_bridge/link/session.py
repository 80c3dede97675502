"""One secured connection to a band: its characteristics, subscribed, and what runs over them.

It lives as long as the connection does; `connection` makes the next one.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bleak import BleakClient

from firmware_bridge.link.blob_door import BlobDoor
from firmware_bridge.link.control_point import ControlPoint
from firmware_bridge.link.doubts import Doubts, Mark
from firmware_bridge.link.errors import NotABand, NoUpdates
from firmware_bridge.link.management import ManagementChannel
from firmware_bridge.link.record_access import RecordAccess
from firmware_bridge.link.translation import link_errors
from firmware_bridge.link.undoubled import Take, Undoubled
from firmware_bridge.timebase import Clock
from shared.wire import gatt
from shared.wire.errors import WireError
from shared.wire.fields import unpack
from shared.wire.framing import ATT_HEADER_BYTES, Reassembler
from shared.wire.status import Status, Telemetry

log = logging.getLogger(__name__)

# Core Specification, volume 3, part F, 3.2.9: no attribute value is longer.
LONGEST_VALUE_BYTES = 512
SHORTEST_VALUE_BYTES = 23 - ATT_HEADER_BYTES
# In real time: an ATT request without a response means that the connection is dead.
WRITE_LIMIT_S = 10.0
PROBE_LIMIT_S = 3.0
LOOKS = 3
"""So often a status that came torn is read again (own figure)."""


@dataclass(frozen=True)
class Listeners:
    """Who is told what the band says unasked."""

    status: Callable[[Status], None]
    telemetry: Callable[[Telemetry], None]


class Session:
    """What can be asked of the band as long as this connection lasts."""

    def __init__(
        self,
        client: BleakClient,
        clock: Clock,
        request_ids: "itertools.count[int]",
        listeners: Listeners,
        doubts: Doubts,
    ) -> None:
        self._client = client
        self._listeners = listeners
        self._management: ManagementChannel | None = None
        self._status_buffer = Reassembler()
        self._telemetry_buffer = Reassembler()
        value_bytes = _value_bytes(client)
        self.control = ControlPoint(self._write_control, value_bytes, clock, request_ids, doubts)
        self.records = RecordAccess(self._write_record_access, clock)
        self.blobs = BlobDoor(self.control.turns, self._write_blob_data, value_bytes, clock)

    async def secure(self) -> None:
        """Subscribe to everything; fails on a link that isn't secure."""
        takers: dict[str, Take] = {
            gatt.CONTROL_POINT: Undoubled(self.control.received),
            gatt.STATUS: Undoubled(self._status_received),
            gatt.RECORD_ACCESS_CONTROL_POINT: self.records.answer_received,
            gatt.LEDGER_DATA: self.records.record_received,
            gatt.BLOB_DATA: self.blobs.received,
        }
        if self._client.services.get_characteristic(gatt.TELEMETRY) is not None:
            takers[gatt.TELEMETRY] = Undoubled(self._telemetry_received)
        with link_errors():
            for uuid, take in takers.items():
                await self._subscribe(uuid, take)

    async def sync(self) -> None:
        """Learn what the band says of itself, and what became of each command in doubt."""
        for _ in range(LOOKS):
            if await self._look():
                break
        await self.control.settle_doubts()

    async def _look(self) -> bool:
        """Read the status; whether it came whole. In pieces, at a short MTU, it may be torn."""
        with link_errors():
            value = await self._client.read_gatt_char(gatt.STATUS)
        return self._told_whole(bytes(value), Reassembler())

    async def probe(self) -> None:
        """Read the status, within a bound in real time; a `LinkError` where nothing comes.

        What it says counts: an idle band doesn't tell by itself that it was put on, or has cooled.
        """
        with link_errors():
            async with asyncio.timeout(PROBE_LIMIT_S):
                await self._look()

    async def management(self) -> ManagementChannel:
        """MCUmgr's channel, subscribed at its first use; `NoUpdates` on a band without it."""
        if self._management is None:
            if self._client.services.get_characteristic(gatt.MANAGEMENT) is None:
                raise NoUpdates()
            channel = ManagementChannel(self, _value_bytes(self._client), self.control.turns)
            with link_errors():
                async with asyncio.timeout(WRITE_LIMIT_S):
                    await self._subscribe(gatt.MANAGEMENT, Undoubled(channel.received))
            self._management = channel
        return self._management

    async def write_management(self, value: bytes) -> None:
        """Write one value for MCUmgr, without response."""
        with link_errors():
            async with asyncio.timeout(WRITE_LIMIT_S):
                await self._client.write_gatt_char(gatt.MANAGEMENT, value, response=False)

    def lost(self) -> None:
        """The connection is gone."""
        if self._management is not None:
            self._management.lost()
        self.control.lost()
        self.records.lost()
        self.blobs.lost()

    async def _subscribe(self, uuid: str, take: Take) -> None:
        await self._client.start_notify(uuid, lambda _, value: take(bytes(value)))

    async def _write_control(self, value: bytes, *, response: bool) -> None:
        await self._write(gatt.CONTROL_POINT, value, response=response)

    async def _write_record_access(self, value: bytes) -> None:
        await self._write(gatt.RECORD_ACCESS_CONTROL_POINT, value)

    async def _write_blob_data(self, value: bytes) -> None:
        await self._write(gatt.BLOB_DATA, value, response=False)

    async def _write(self, uuid: str, value: bytes, *, response: bool = True) -> None:
        with link_errors():
            try:
                async with asyncio.timeout(WRITE_LIMIT_S):
                    await self._client.write_gatt_char(uuid, value, response=response)
            except TimeoutError:
                await self._client.disconnect()
                self.lost()
                raise

    def _status_received(self, value: bytes) -> None:
        self._told_whole(value, self._status_buffer)

    def _told_whole(self, value: bytes, buffer: Reassembler) -> bool:
        """Tell a status once it's whole; what is read has a buffer of its own, for a notification
        may be half way in."""
        try:
            message = buffer.feed(value)
            if message is None:
                return False
            self._told_status(unpack(Status, message))
        except WireError as error:
            log.warning("status: %s", error)
            return False
        return True

    def _told_status(self, status: Status) -> None:
        self.control.mark = Mark(status.boot_count, status.requests_taken)
        self._listeners.status(status)

    def _telemetry_received(self, value: bytes) -> None:
        try:
            message = self._telemetry_buffer.feed(value)
            if message is not None:
                self._listeners.telemetry(unpack(Telemetry, message))
        except WireError as error:
            log.warning("telemetry: %s", error)


def _value_bytes(client: BleakClient) -> int:
    characteristic = client.services.get_characteristic(gatt.CONTROL_POINT)
    if characteristic is None:
        raise NotABand()
    size = characteristic.max_write_without_response_size
    return max(SHORTEST_VALUE_BYTES, min(size, LONGEST_VALUE_BYTES))
