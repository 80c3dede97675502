"""The messages on the link as they pass, read by the wire's own codecs and told in plain words.

What can't be read is told as such, never left out. Not for recording: see `recording`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import StrEnum

from firmware_bridge.emulator.control import management, words
from firmware_bridge.emulator.control.shapes import Message, Messages
from firmware_bridge.emulator.face.ear import Channel
from firmware_bridge.emulator.update.messages import Parts, Unreadable
from shared.wire import batches, blob_parts, operations, racp
from shared.wire.errors import WireError
from shared.wire.fields import unpack
from shared.wire.framing import Reassembler
from shared.wire.operations import Operation, StatusCode
from shared.wire.status import Status, Telemetry

KEPT = 200
"""How many messages are there to look back at (own figure)."""


class By(StrEnum):
    """Who speaks."""

    PHONE = "phone"
    BAND = "band"


class Tone(StrEnum):
    """How a message is meant."""

    PLAIN = "plain"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


Told = tuple[str, Tone]


class MessageLog:
    """An ear that keeps the newest messages in words, and tells its listener of each."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._kept: deque[Message] = deque(maxlen=KEPT)
        self._count = 0
        self._control = Reassembler()
        self._managed = {By.PHONE: Parts(), By.BAND: Parts()}
        self._asked: dict[int, Operation] = {}
        self.on_message: Callable[[Message], None] = lambda message: None

    @property
    def newest(self) -> Messages:
        """What is kept."""
        return Messages(tuple(self._kept))

    def began(self) -> None:
        """Begin with nothing half heard."""
        self._control.reset()
        for parts in self._managed.values():
            parts.reset()
        self._asked.clear()

    def wrote(self, channel: Channel, value: bytes) -> None:
        """Tell a request once it is whole."""
        if channel is Channel.MANAGEMENT:
            self._manage(By.PHONE, value)
            return
        if channel is not Channel.CONTROL_POINT:
            reader = _blob_part if channel is Channel.BLOB_DATA else _record_request
            self._tell(By.PHONE, value, read(reader, value))
            return
        try:
            request = self._control.feed(value)
        except WireError as problem:
            self._tell(By.PHONE, value, (f"A frame out of order: {problem}.", Tone.UNREADABLE))
            return
        if request is not None:
            self._tell(By.PHONE, request, read(self._request, request))

    def said(self, channel: Channel, message: bytes) -> None:
        """Tell what the band says."""
        if channel is Channel.MANAGEMENT:
            self._manage(By.BAND, message)
            return
        reader = self._answer if channel is Channel.CONTROL_POINT else _READERS[channel]
        self._tell(By.BAND, message, read(reader, message))

    def _manage(self, by: By, value: bytes) -> None:
        """Tell a message of MCUmgr's once it is whole."""
        try:
            message = self._managed[by].feed(value)
        except Unreadable:
            self._tell(by, value, ("A piece of no message.", Tone.UNREADABLE))
            return
        if message is not None:
            self._tell(by, message, read(_MANAGEMENT_READERS[by], message))

    def _request(self, message: bytes) -> Told:
        request = operations.decode_request(message)
        self._asked[request.request_id] = request.operation
        return words.asked(request.operation), Tone.PLAIN

    def _answer(self, message: bytes) -> Told:
        operation = self._asked.pop(operations.answer_id_of(message), None)
        if operation is None:
            return "The band answers a request that nobody heard.", Tone.PLAIN
        answer = operations.decode_answer(message, operation)
        tone = Tone.PLAIN if answer.status is StatusCode.OK else Tone.REFUSED
        return words.answered(operation, answer), tone

    def _tell(self, by: By, content: bytes, told: Told) -> None:
        self._count += 1
        sentence, tone = told
        message = Message(
            self._count, self._now_ms(), by.value, sentence, tone.value, len(content), content
        )
        self._kept.append(message)
        self.on_message(message)


def read(reader: Callable[[bytes], Told], message: bytes) -> Told:
    """What a message says, or that it can't be read."""
    try:
        return reader(message)
    except WireError as problem:
        return f"Can't be read: {problem}.", Tone.UNREADABLE


def _status(message: bytes) -> Told:
    return words.status(unpack(Status, message)), Tone.PLAIN


def _telemetry(message: bytes) -> Told:
    return words.telemetry(unpack(Telemetry, message)), Tone.PLAIN


def _records(message: bytes) -> Told:
    numbers = [batches.number_of(record) for record in batches.records_of(message)]
    if not numbers:
        raise WireError("batch", "is empty")
    if len(numbers) == 1:
        return f"Record {numbers[0]}.", Tone.PLAIN
    return f"Records {numbers[0]} to {numbers[-1]}.", Tone.PLAIN


def _record_request(message: bytes) -> Told:
    request = racp.decode_request(message)
    which = "all records" if request.first is None else f"the records from {request.first} on"
    asks = {
        racp.OpCode.REPORT: f"for {which}",
        racp.OpCode.COUNT: f"for the number of {which}",
        racp.OpCode.ABORT: "to send no more records",
    }
    return f"The phone asks {asks.get(request.op_code, 'for what no phone asks')}.", Tone.PLAIN


def _blob_part(value: bytes) -> Told:
    number, data = blob_parts.read_part(value)
    return f"Part {number} of the document: {len(data)} bytes.", Tone.PLAIN


def _blob_word(value: bytes) -> Told:
    word = blob_parts.decode_word(value)
    good = word.verdict in (blob_parts.Verdict.WHOLE, blob_parts.Verdict.GO_ON)
    return words.of_a_document(word), Tone.PLAIN if good else Tone.REFUSED


def _record_answer(message: bytes) -> Told:
    response = racp.decode_response(message)
    if response.count is not None:
        return f"The band counts {response.count} records.", Tone.PLAIN
    assert response.result is not None
    name = response.result.name.lower().replace("_", " ")
    good = response.result in (racp.Result.SUCCESS, racp.Result.NO_RECORDS)
    return f"The band ends the records' report: {name}.", Tone.PLAIN if good else Tone.REFUSED


_READERS: dict[Channel, Callable[[bytes], Told]] = {
    Channel.STATUS: _status,
    Channel.TELEMETRY: _telemetry,
    Channel.LEDGER_DATA: _records,
    Channel.RECORD_ACCESS: _record_answer,
    Channel.BLOB_DATA: _blob_word,
}


def _management_request(message: bytes) -> Told:
    return management.asked(message), Tone.PLAIN


def _management_answer(message: bytes) -> Told:
    sentence, agreed = management.answered(message)
    return sentence, Tone.PLAIN if agreed else Tone.REFUSED


_MANAGEMENT_READERS = {By.PHONE: _management_request, By.BAND: _management_answer}
