"""Requests and answers at the control point, whomever the band belongs to."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, expect, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from firmware_bridge.conformance.wire import Wire
from shared.trust.statements import ID_BYTES
from shared.wire import canonical, gatt
from shared.wire.fields import unpack
from shared.wire.framing import Reassembler
from shared.wire.operations import (
    NonceArguments,
    NoncePurpose,
    Nothing,
    Operation,
    Outcome,
    Refusal,
    SessionArguments,
    StatusCode,
    decode_answer,
    request_id_of,
)
from shared.wire.outcomes import RequestOutcome, RequestOutcomeArguments
from shared.wire.status import Status

checks = Checks(Need.BONDED)

PROTOCOL_VERSION = 1
FREE_CODE = 60_000


@checks.add(Section.CONTROL_POINT, Operation.HELLO)
async def hello(bench: Bench) -> None:
    """HELLO says who the band is and that it speaks version 1."""
    wire = await bench.wire()
    answer = await wire.ask(Operation.HELLO, Nothing())
    same(answer.status, StatusCode.OK, "status")
    same(answer.result.protocol_version, PROTOCOL_VERSION, "protocol version")


@checks.add(Section.CONTROL_POINT, Operation.NONCE)
async def repeated_request(bench: Bench) -> None:
    """The newest request, repeated byte for byte, gets the same answer and is done once."""
    wire = await bench.wire()
    message = wire.request(Operation.NONCE, NonceArguments(NoncePurpose.TIME))
    first, again = await wire.exchange(message), await wire.exchange(message)
    same(again, first, "the same answer:")
    another = wire.request(Operation.NONCE, NonceArguments(NoncePurpose.TIME))
    expect(await wire.exchange(another) != first, "another nonce by another request", "the same")


@checks.add(Section.CONTROL_POINT, Operation.LOCATE, Operation.HELLO)
async def one_answer(bench: Bench) -> None:
    """Exactly one answer follows each request."""
    wire = await bench.wire()
    for operation in (Operation.LOCATE, Operation.HELLO, Operation.LOCATE):
        same((await wire.ask(operation, Nothing())).status, StatusCode.OK, f"{operation.name}:")
    same(wire.unheard(gatt.CONTROL_POINT), 0, "further answers:")


@checks.add(Section.CONTROL_POINT)
async def unknown_operation(bench: Bench) -> None:
    """A number that has no line in the table is an UNKNOWN_OPERATION."""
    wire = await bench.wire()
    answer = await wire.exchange(canonical.encode([77, FREE_CODE, {}]))
    read = decode_answer(answer, Operation.HELLO)
    same((read.request_id, read.status), (77, StatusCode.UNKNOWN_OPERATION), "id and status")


@checks.add(Section.CONTROL_POINT, Operation.STOP, Operation.PAUSE, Operation.CLOSE)
async def nothing_to_stop(bench: Bench) -> None:
    """STOP, PAUSE and CLOSE answer OK also where there is nothing to stop."""
    wire = await bench.wire()
    for operation in (Operation.STOP, Operation.CLOSE, Operation.PAUSE):
        message = canonical.encode([90 + operation, int(operation), {}])
        answer = decode_answer(await wire.exchange(message), operation)
        same(answer.status, StatusCode.OK, f"{operation.name}:")


@checks.add(Section.CONTROL_POINT, Operation.SESSION_OUTCOME)
async def unknown_session(bench: Bench) -> None:
    """Of a session that never was, the outcome is UNKNOWN and no pulse."""
    wire = await bench.wire()
    asked = SessionArguments(secrets.token_bytes(ID_BYTES))
    answer = await wire.ask(Operation.SESSION_OUTCOME, asked)
    same(answer.status, StatusCode.OK, "status")
    same(answer.result.outcome, Outcome.UNKNOWN, "outcome")
    same(answer.result.charged_pulses, 0, "pulses")


@checks.add(Section.OPERATIONS, Operation.REQUEST_OUTCOME, Operation.LOCATE)
async def lost_answers(bench: Bench) -> None:
    """What became of a request is told by its id and bytes: done, never arrived, booted since."""
    wire = await bench.wire()
    before = await _status(wire)
    message = wire.request(Operation.LOCATE, Nothing())
    await wire.exchange(message)
    same(await _outcome(wire, message, before), RequestOutcome.CARRIED_OUT, "LOCATE:")
    unsent = wire.request(Operation.LOCATE, Nothing())
    same(await _outcome(wire, unsent, before), RequestOutcome.NEVER_ARRIVED, "one unsent:")
    other_boot = replace(before, boot_count=before.boot_count + 1)
    same(await _outcome(wire, message, other_boot), RequestOutcome.BOOTED_SINCE, "of another boot:")


@checks.add(Section.REFUSALS)
async def form_of_a_refusal(bench: Bench) -> None:
    """A refusal has a stable code in small letters, and nothing that isn't asked for."""
    wire = await bench.wire()
    answer = decode_answer(
        await wire.exchange(canonical.encode([78, FREE_CODE, {}])), Operation.HELLO
    )
    refusal = answer.result
    expect(isinstance(refusal, Refusal), "a refusal", type(refusal).__name__)
    same(refusal.code, "unknown_operation", "code")
    same(refusal.reasons, (), "reasons")


@checks.add(Section.STATUS)
async def readable_status(bench: Bench) -> None:
    """The status has exactly the fields of the table, within their limits."""
    wire = await bench.wire()
    await _status(wire)


@checks.add(Section.STATUS, Operation.HELLO)
async def status_and_hello_agree(bench: Bench) -> None:
    """State and head number are the same in HELLO and in the status."""
    phone = await bench.phone()
    hello_said, status = await phone.client.hello(), await phone.status()
    same(status.state, hello_said.state, "state")
    same(status.head_number, hello_said.head_number, "head number")


async def _status(wire: Wire) -> Status:
    """The status as it is read, strictly."""
    value = await wire.read(gatt.STATUS)
    if not isinstance(value, bytes):
        raise Deviation("a status", f"ATT error 0x{value:02X}")
    message = Reassembler().feed(value)
    if message is None:
        raise Deviation("a whole message", value.hex())
    return unpack(Status, message)


async def _outcome(wire: Wire, request: bytes, before: Status) -> RequestOutcome:
    digest = hashlib.sha256(request).digest()
    asked = RequestOutcomeArguments(
        request_id_of(request), digest, before.boot_count, before.requests_taken
    )
    answer = await wire.ask(Operation.REQUEST_OUTCOME, asked)
    same(answer.status, StatusCode.OK, "status of REQUEST_OUTCOME")
    outcome: RequestOutcome = answer.result.outcome
    return outcome
