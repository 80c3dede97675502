"""Below the link: single values written to a band's characteristics, and what comes back.

For checks of what a well-behaved phone never does. ATT errors are results here, not exceptions.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from bleak import BleakClient
from bleak.backends.characteristic import BleakGATTCharacteristic
from bleak.exc import BleakGATTProtocolError

from firmware_bridge.conformance.findings import Deviation
from shared.wire import gatt
from shared.wire.framing import ATT_HEADER_BYTES, Reassembler, frames
from shared.wire.operations import (
    Answer,
    Operation,
    Request,
    answer_id_of,
    decode_answer,
    encode_request,
)

Hear = Callable[[BleakGATTCharacteristic, bytearray], None]

ANSWER_WITHIN_S = 5.0
TAKEN = 0
"""In the place of an ATT error: the value was taken."""

LONGEST_VALUE_BYTES = 512
FRAMED = (gatt.CONTROL_POINT, gatt.STATUS, gatt.LEDGER_DATA, gatt.TELEMETRY)


class Wire:
    """One connection, value by value."""

    def __init__(self, client: BleakClient) -> None:
        self.client = client
        self.values: dict[str, list[bytes]] = {}
        self._messages: dict[str, asyncio.Queue[bytes]] = {}
        self._buffers: dict[str, Reassembler] = {}
        self._ids = itertools.count(1)

    @property
    def value_bytes(self) -> int:
        """The longest value that a write may have."""
        return min(self.client.mtu_size - ATT_HEADER_BYTES, LONGEST_VALUE_BYTES)

    async def subscribe(self, *uuids: str) -> None:
        """Hear what these characteristics say."""
        for uuid in uuids:
            if uuid in self._messages:
                continue
            self.values[uuid] = []
            self._buffers[uuid], self._messages[uuid] = Reassembler(), asyncio.Queue()
            await self.client.start_notify(uuid, self._hearing(uuid))

    async def write(self, uuid: str, value: bytes) -> int:
        """Write one value; the ATT error, or TAKEN."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self.client.write_gatt_char(uuid, value, response=True)
        except BleakGATTProtocolError as error:
            return int(error.args[0])
        return TAKEN

    async def put(self, uuid: str, value: bytes) -> None:
        """Write one value that nobody answers."""
        async with asyncio.timeout(ANSWER_WITHIN_S):
            await self.client.write_gatt_char(uuid, value, response=False)

    async def read(self, uuid: str) -> bytes | int:
        """Read a value; the bytes, or the ATT error."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return bytes(await self.client.read_gatt_char(uuid))
        except BleakGATTProtocolError as error:
            return int(error.args[0])

    async def try_to_subscribe(self, uuid: str) -> int:
        """Subscribe; the ATT error, or TAKEN."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self.client.start_notify(uuid, lambda _, __: None)
        except BleakGATTProtocolError as error:
            return int(error.args[0])
        return TAKEN

    async def heard(self, uuid: str) -> bytes:
        """The next whole message of a characteristic; a Deviation where none comes."""
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                return await self._messages[uuid].get()
        except TimeoutError as error:
            raise Deviation("an answer", f"silence for {ANSWER_WITHIN_S:g} s") from error

    def unheard(self, uuid: str) -> int:
        """How many messages came that nobody took."""
        return self._messages[uuid].qsize()

    # The control point

    def request(self, operation: Operation, arguments: Any) -> bytes:
        """The bytes of a request with an id of its own."""
        return encode_request(Request(next(self._ids), operation, arguments))

    async def send(self, message: bytes, value_bytes: int | None = None) -> None:
        """Write a request in frames; a Deviation where one isn't taken."""
        for frame in frames(message, value_bytes or self.value_bytes):
            code = await self.write(gatt.CONTROL_POINT, frame)
            if code != TAKEN:
                raise Deviation("a frame of a request taken", f"ATT error 0x{code:02X}")

    async def exchange(self, message: bytes, value_bytes: int | None = None) -> bytes:
        """Send a request and return its answer's bytes."""
        await self.subscribe(gatt.CONTROL_POINT)
        await self.send(message, value_bytes)
        return await self.heard(gatt.CONTROL_POINT)

    async def ask(self, operation: Operation, arguments: Any) -> Answer:
        """Send a request of the table and return its answer, read strictly."""
        message = self.request(operation, arguments)
        answer = await self.exchange(message)
        asked, answered = answer_id_of(message), answer_id_of(answer)
        if asked != answered:
            raise Deviation(f"an answer to request {asked}", f"one to {answered}")
        return decode_answer(answer, operation)

    def _hearing(self, uuid: str) -> Hear:
        return lambda _, value: self._heard(uuid, value)

    def _heard(self, uuid: str, value: bytearray) -> None:
        self.values[uuid].append(bytes(value))
        if uuid not in FRAMED:
            self._messages[uuid].put_nowait(bytes(value))
            return
        message = self._buffers[uuid].feed(bytes(value))
        if message is not None:
            self._messages[uuid].put_nowait(message)
