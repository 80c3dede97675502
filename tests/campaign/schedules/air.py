"""The wire between phone and band, in memory: real framing on both sides, and what can go wrong.

A phone's `Connection` gets a client here as it would from bleak; the band's end reassembles,
answers, notifies. Frames are lost, doubled, swapped and delayed as the `Weather` says. An attacker
who holds recorded messages injects them as frames of his own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, cast

from bleak import BleakClient
from bleak.exc import BleakError, BleakGATTProtocolError
from bumble.att import ATT_Error

from firmware_bridge.emulator.face.core import ACTIVE_STATES
from firmware_bridge.emulator.face.outlet import Outlet
from firmware_bridge.emulator.face.records import RecordAccess
from shared.wire import gatt
from shared.wire.errors import WireError
from shared.wire.fields import pack
from shared.wire.framing import Reassembler, frames
from tests.campaign.schedules.band import Band
from tests.campaign.schedules.timeline import Timeline

REPEAT_S = 1.0
LATE_S = 0.04
"""A frame that lets the next one pass comes so much later, where there is no next one."""


@dataclass
class Weather:
    """Faults of the wire: how many frames more, in either direction."""

    lose: int = 0
    double: int = 0
    swap: int = 0
    slow_ms: int = 0
    skip: int = 0
    """So many frames pass before the first fault."""

    @property
    def fair(self) -> bool:
        """True where nothing goes wrong."""
        return not (self.lose or self.double or self.swap or self.slow_ms)


@dataclass
class Counts:
    """How often each fault of the wire was met."""

    lost: int = 0
    doubled: int = 0
    swapped: int = 0
    slowed: int = 0


Deliver = Callable[[bytes], None]


class Lane:
    """One direction of one characteristic: frames go in, and come out, or don't."""

    def __init__(self, weather: Weather, counts: Counts, deliver: Deliver) -> None:
        self._weather, self._counts, self._deliver = weather, counts, deliver
        self._held: bytes | None = None

    def send(self, value: bytes) -> None:
        """Let a frame travel."""
        weather = self._weather
        if weather.fair:
            self._arrive(value)
        elif weather.skip > 0:
            weather.skip -= 1
            self._arrive(value)
        else:
            self._send_in_bad_weather(value)

    def _send_in_bad_weather(self, value: bytes) -> None:
        weather, counts, loop = self._weather, self._counts, asyncio.get_running_loop()
        if weather.lose:
            weather.lose -= 1
            counts.lost += 1
        elif weather.double:
            weather.double -= 1
            counts.doubled += 1
            self._arrive(value)
            self._deliver(value)
        elif weather.swap and self._held is None:
            weather.swap -= 1
            counts.swapped += 1
            self._held = value
            loop.call_later(LATE_S, self._flush, value)
        elif weather.slow_ms:
            counts.slowed += 1
            loop.call_later(weather.slow_ms / 1000, self._deliver, value)
        else:
            self._arrive(value)

    def _arrive(self, value: bytes) -> None:
        held, self._held = self._held, None
        self._deliver(value)
        if held is not None:
            self._deliver(held)

    def _flush(self, value: bytes) -> None:
        if self._held is value:
            self._held = None
            self._deliver(value)


class Air:
    """Whether the band is in reach, and the one link that there may be."""

    def __init__(self, timeline: Timeline, band: Band, value_bytes: int) -> None:
        self.timeline, self.band, self.value_bytes = timeline, band, value_bytes
        self.weather, self.counts = Weather(), Counts()
        self.link: BandLink | None = None
        self.in_reach = True
        self.heard: list[bytes] = []
        self._reachable = asyncio.Event()
        band.on_power = self._power

    async def connect(self, client: AirClient) -> BandLink:
        """Return a fresh link once the band can be reached; a former one breaks."""
        while client.dead or not (self.in_reach and self.band.on):
            self._reachable.clear()
            await self._reachable.wait()
        self.drop()
        self.link = BandLink(self, client)
        return self.link

    def drop(self) -> None:
        """Break the present link."""
        link, self.link = self.link, None
        if link is not None:
            link.end()

    def out_of_reach(self) -> None:
        """The phone is carried away."""
        self.in_reach = False
        self.drop()

    def back_in_reach(self) -> None:
        """The phone is there again."""
        self.in_reach = True
        self._reachable.set()

    def _power(self, on: bool) -> None:
        if on:
            self._reachable.set()
        else:
            self.drop()

    def inject(self, message: bytes) -> bytes | None:
        """An attacker on the link sends a whole message; return the answer that it gets."""
        return self.band.ask(message, "attacker")


@dataclass
class _Value:
    """What `RecordAccess` of the face asks of an outlet."""

    notify: Callable[[bytes], None]
    framed: bool
    value_bytes: int
    subscribed: bool = False
    full: bool = False
    waiting: list[bytes] = field(default_factory=list)

    def put(self, message: bytes) -> None:
        self._send(message)

    async def send(self, message: bytes) -> None:
        self._send(message)
        await asyncio.sleep(0)

    def _send(self, message: bytes) -> None:
        for value in frames(message, self.value_bytes) if self.framed else (message,):
            self.notify(value)


class BandLink:
    """The band's end of one connection, as `face.link` does it over a radio."""

    def __init__(self, air: Air, client: AirClient) -> None:
        self._air, self._band, self.client = air, air.band, client
        self._requests = Reassembler()
        self._gone = False
        self._status_due = False
        self._repeating = False
        self._up: dict[str, Lane] = {}
        self._outlets: dict[str, _Value] = {}
        for uuid in (gatt.CONTROL_POINT, gatt.STATUS, gatt.TELEMETRY, gatt.LEDGER_DATA):
            self._outlets[uuid] = self._outlet(uuid, framed=True)
        records = gatt.RECORD_ACCESS_CONTROL_POINT
        for uuid in (records, gatt.BLOB_DATA):
            self._outlets[uuid] = self._outlet(uuid, framed=False)
        self._records = RecordAccess(
            air.band.firmware,
            cast(Outlet, self._outlets[records]),
            cast(Outlet, self._outlets[gatt.LEDGER_DATA]),
        )
        self._serving = asyncio.ensure_future(self._records.run())
        self._band.on_status = self._changed
        self._band.linked()

    def _outlet(self, uuid: str, *, framed: bool) -> _Value:
        lane = Lane(self._air.weather, self._air.counts, lambda v: self.client.heard(uuid, v))
        return _Value(lane.send, framed, self._air.value_bytes)

    def subscribe(self, uuid: str) -> None:
        """The phone wants to hear this."""
        self._outlets[uuid].subscribed = True

    def read_status(self) -> bytes:
        """The status as it is read."""
        self._band.catch_up()
        if not self._band.on:
            raise BleakError("gone")
        return next(iter(frames(pack(self._band.firmware.status()), 512)))

    def write(self, uuid: str, value: bytes) -> None:
        """Take one value from the phone, if it arrives."""
        takers = {gatt.CONTROL_POINT: self._write_control, gatt.BLOB_DATA: self._write_blob}
        take = takers.get(uuid, self._records.write)
        if self._air.weather.fair:
            take(value)
            return
        lane = self._up.setdefault(
            uuid, Lane(self._air.weather, self._air.counts, lambda v: self._quietly(take, v))
        )
        lane.send(value)

    def _quietly(self, take: Callable[[bytes], None], value: bytes) -> None:
        """In bad weather nobody hears that a frame did not fit."""
        if self._gone:
            return
        try:
            take(value)
        except (ATT_Error, BleakError):
            return

    def _write_control(self, value: bytes) -> None:
        try:
            request = self._requests.feed(value)
        except WireError as problem:
            raise BleakGATTProtocolError(0x80) from problem
        if request is None:
            return
        self._air.heard.append(request)
        answer = self._band.ask(request, "app")
        if answer is not None and not self._gone:
            self._outlets[gatt.CONTROL_POINT].put(answer)

    def _write_blob(self, value: bytes) -> None:
        word = self._band.part(value)
        if word is not None and not self._gone and self._outlets[gatt.BLOB_DATA].subscribed:
            self._outlets[gatt.BLOB_DATA].put(word)

    def _changed(self) -> None:
        if not self._status_due and not self._gone:
            self._status_due = True
            asyncio.get_running_loop().call_soon(self._tell_status)

    def _tell_status(self) -> None:
        self._status_due = False
        if self._gone or not self._band.on:
            return
        if self._outlets[gatt.STATUS].subscribed:
            self._outlets[gatt.STATUS].put(pack(self._band.firmware.status()))
        if not self._repeating and self._band.firmware.state in ACTIVE_STATES:
            self._repeating = True
            asyncio.get_running_loop().call_later(REPEAT_S, self._repeat)

    def _repeat(self) -> None:
        self._repeating = False
        if self._gone or not self._band.on or self._band.firmware.state not in ACTIVE_STATES:
            return
        if self._outlets[gatt.TELEMETRY].subscribed:
            self._outlets[gatt.TELEMETRY].put(pack(self._band.firmware.telemetry()))
        self._changed()

    def end(self) -> None:
        """The connection is gone."""
        self._gone = True
        self._serving.cancel()
        self._band.on_status = lambda: None
        if self._band.on:
            self._band.firmware.disconnected()
        self.client.broken()


@dataclass(frozen=True)
class _Characteristic:
    max_write_without_response_size: int


class _Services:
    """Every characteristic is there."""

    def __init__(self, value_bytes: int) -> None:
        self._one = _Characteristic(value_bytes)

    def get_characteristic(self, _uuid: str) -> _Characteristic:
        return self._one


class AirClient:
    """What `Connection` asks of a bleak client."""

    address = "band"

    def __init__(self, air: Air, lost: Callable[[BleakClient], None]) -> None:
        self._air, self._lost = air, lost
        self._link: BandLink | None = None
        self._takers: dict[str, Callable[[Any, bytearray], None]] = {}
        self.services = _Services(air.value_bytes)
        self.dead = False

    async def connect(self) -> None:
        link = await self._air.connect(self)
        self._link = link

    async def disconnect(self) -> None:
        if self._link is not None and self._air.link is self._link:
            self._air.drop()

    async def start_notify(self, uuid: str, take: Callable[[Any, bytearray], None]) -> None:
        self._takers[uuid] = take
        self._open().subscribe(uuid)

    async def read_gatt_char(self, _uuid: str) -> bytes:
        await asyncio.sleep(0)
        return self._open().read_status()

    async def write_gatt_char(self, uuid: str, value: bytes, *, response: bool) -> None:
        await asyncio.sleep(0)
        try:
            self._open().write(uuid, value)
        except ATT_Error as problem:
            if response:
                raise BleakGATTProtocolError(int(problem.error_code)) from problem
        except BleakGATTProtocolError:
            if response:
                raise
        await asyncio.sleep(0)
        self._open()

    def heard(self, uuid: str, value: bytes) -> None:
        """A value comes from the band, a turn later."""
        asyncio.get_running_loop().call_soon(self._hear, uuid, value)

    def _hear(self, uuid: str, value: bytes) -> None:
        take = self._takers.get(uuid)
        if take is not None and self._link is not None and not self.dead:
            take(None, bytearray(value))

    def broken(self) -> None:
        """The band's end is gone."""
        self._link = None
        if not self.dead:
            self._lost(cast(BleakClient, self))

    def _open(self) -> BandLink:
        if self._link is None or self.dead:
            raise BleakError("not connected")
        return self._link


class AirBluetooth:
    """The `BluetoothPort` of a phone that is bonded already."""

    def __init__(self, air: Air) -> None:
        self._air = air
        self.clients: list[AirClient] = []
        self._dead = False

    def client(self, _device: object, lost: Any, _limit_s: float) -> BleakClient:
        """A client that isn't connected yet."""
        made = AirClient(self._air, lost)
        made.dead = self._dead
        self.clients.append(made)
        return cast(BleakClient, made)

    def scanner(self, _heard: object) -> Any:
        """Bonded phones don't search."""
        raise BleakError("no scanner")

    def ask(self, _agent: object) -> None:
        """Nobody pairs here."""

    def forget(self, _address: str) -> Coroutine[Any, Any, None]:
        """Nobody's bond is removed here."""
        return asyncio.sleep(0)

    def die(self) -> None:
        """The phone is dead: its clients hear and say nothing more."""
        self._dead = True
        for client in self.clients:
            client.dead = True
