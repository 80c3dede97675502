"""One value has one encoding: other bytes for a request that could be read are refused."""

from __future__ import annotations

from firmware_bridge.conformance.bench import Bench
from firmware_bridge.conformance.check import Checks
from firmware_bridge.conformance.findings import Deviation, same
from firmware_bridge.conformance.needs import Need
from firmware_bridge.conformance.sections import Section
from shared.wire import canonical
from shared.wire.operations import (
    MAXIMUM_REQUEST_BYTES,
    Nothing,
    Operation,
    StatusCode,
    decode_answer,
)

checks = Checks(Need.BONDED)

# [request id 24, NONCE, {1: TIME}] is 83 18 18 02 a1 01 04 in its one form.
OTHER_SPELLINGS = {
    "a number longer than it must be": "8319001802a10104",
    "a list without an end": "9f181802a10104ff",
    "a map without an end": "83181802bf0104ff",
    "a float for a number": "83181802a101f94400",
    "a tag around a number": "83181802a101c104",
    "bytes behind the end": "83181802a1010400",
    "an unknown key": "83181802a201040200",
    "a key twice": "83181802a201040104",
    "a text for a key": "83181802a1613104",
    "a text for a number": "83181802a1016134",
    "a purpose that isn't there": "83181802a1011863",
    "a missing argument": "83181802a0",
    "an argument where there is none": "83181801a10104",
    "undefined for a map": "83181802f7",
    "two values in place of three": "82181802",
    "an end in the midst of a value": "83181802a101",
}
UNSORTED = "831818182ea4025820" + "00" * 32 + "010103010401"
"""REQUEST_OUTCOME with its keys 2, 1, 3, 4."""


@checks.add(Section.ENCODING, Operation.NONCE)
async def other_spellings(bench: Bench) -> None:
    """A request in any other spelling is a BAD_REQUEST and changes nothing."""
    wire = await bench.wire()
    for what, digits in {**OTHER_SPELLINGS, "keys out of order": UNSORTED}.items():
        answer = await wire.exchange(bytes.fromhex(digits))
        try:
            status = decode_answer(answer, Operation.NONCE).status
        except ValueError as problem:
            raise Deviation(f"{what}: BAD_REQUEST", f"{answer.hex()} ({problem})") from problem
        same(status, StatusCode.BAD_REQUEST, f"{what}:")


@checks.add(Section.ENCODING, Operation.HELLO)
async def too_long(bench: Bench) -> None:
    """A request above its maximum is a BAD_REQUEST, however well it is spelt."""
    wire = await bench.wire()
    message = canonical.encode([7, int(Operation.HELLO), {1: bytes(MAXIMUM_REQUEST_BYTES)}])
    answer = decode_answer(await wire.exchange(message), Operation.HELLO)
    same(answer.status, StatusCode.BAD_REQUEST, "status")
    same((await wire.ask(Operation.HELLO, Nothing())).status, StatusCode.OK, "HELLO afterwards:")


@checks.add(Section.ENCODING, Operation.HELLO)
async def own_spelling(bench: Bench) -> None:
    """The band's own answers are in the one form."""
    wire = await bench.wire()
    answer = await wire.exchange(wire.request(Operation.HELLO, Nothing()))
    same(canonical.encode(canonical.decode(answer)), answer, "the answer:")
